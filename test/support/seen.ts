import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { OPERATIONS } from '#contract/api/index.ts';
import { statusesOf } from '#contract/api/operation.ts';
import { ProblemCode } from '#contract/problem-details.ts';

/**
 * Codes that no healthy stack answers, each with a test of its own: keys that were never fetched, a deployment without
 * variables or its bucket, a bug; a foreign host or page; a wrong method, which is no operation; a language that every problem of this bank has.
 */
const ELSEWHERE: readonly ProblemCode[] = [
  'auth-unavailable',
  'not-configured',
  'foreign-request',
  'archive-unavailable',
  'internal',
  'method-not-allowed',
  'unsupported-language',
];

/**
 * What is documented and was never seen, when all files of the suite ran to their end; nothing after a part of it.
 * @param file the notes of `watch`
 */
export function neverSeen(file: string, folder: string): string[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  const ran = new Set(lines.filter((line) => line.startsWith('file ')).map((line) => path.basename(line)));
  const all = readdirSync(folder).filter((name) => name.endsWith('.test.ts'));
  if (!all.every((name) => ran.has(name))) return [];
  const seen = lines.filter((line) => line.startsWith('answer ')).map((line) => line.split(' ').slice(1));
  const statuses = new Set(seen.map(([id, status]) => `${id} ${status}`));
  const codes = new Set(seen.map(([, , code]) => code));
  return [
    ...OPERATIONS.flatMap((operation) =>
      statusesOf(operation).map((status) => `${operation.id} ${status}`),
    ).filter((documented) => !statuses.has(documented)),
    ...ProblemCode.options.filter((code) => !codes.has(code) && !ELSEWHERE.includes(code)),
  ];
}
