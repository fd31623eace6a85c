import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Answer, Ask } from '../kit/product.ts';
import { SECURITY_DATA } from '../tokens/wycheproof.ts';
import { sentValue } from './stored.ts';

const FOLDER = path.join(SECURITY_DATA, 'jsontestsuite', 'test_parsing');

type Send = (path: string, options?: Ask) => Promise<Answer>;

const codeOf = ({ body }: Answer) =>
  typeof body === 'object' && body !== null && 'code' in body ? String(body.code) : '';

/**
 * The JSON parsing suite as bodies: what must parse is never called malformed, what must not always is, and what was
 * kept as metadata comes back as it was. Null when the suite is not at hand.
 */
export async function jsonSuite(
  send: Send,
  task: string,
): Promise<{ run: number; problems: string[] } | null> {
  if (!existsSync(FOLDER)) return null;
  const problems: string[] = [];
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.json'));
  for (const file of files) {
    const bytes = new Uint8Array(readFileSync(path.join(FOLDER, file)));
    const answer = await send(`/v1/study-tasks/${task}`, { method: 'PATCH', raw: bytes });
    const malformed = codeOf(answer) === 'malformed-json';
    if (answer.status >= 500) problems.push(`${file}: answered ${answer.status}`);
    if (file.startsWith('y_') && malformed) problems.push(`${file}: called malformed`);
    // No bytes at all are no body, not a malformed one.
    if (file.startsWith('n_') && !malformed && bytes.length > 0)
      problems.push(`${file}: answered ${answer.status}`);
    if (!file.startsWith('y_')) continue;
    const text = new TextDecoder().decode(bytes);
    const kept = await send(`/v1/study-tasks/${task}`, {
      method: 'PATCH',
      raw: `{"metadata":{"note":${text}}}`,
    });
    if (kept.status >= 500) problems.push(`${file} as metadata: answered ${kept.status}`);
    if (kept.status !== 200) continue;
    const { metadata } = (kept.body as { task: { metadata: { note: unknown } } }).task;
    if (!isDeepStrictEqual(metadata.note, sentValue(text)))
      problems.push(`${file}: kept ${JSON.stringify(metadata.note)}`);
  }
  return { run: files.length, problems };
}
