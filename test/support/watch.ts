import { appendFileSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, inject } from 'vitest';
import type { Document } from '#cli/openapi/document.ts';
import { createChecks, operationFor } from './openapi.ts';

const { document: documentFile, seen: seenFile } = inject('stack');

/** Milliseconds after which a body that does not end counts as one that nobody reads. */
const PATIENCE_MS = 5000;

const checks = createChecks(JSON.parse(readFileSync(documentFile, 'utf8')) as Document);
const pending: Promise<string[]>[] = [];
const noted = new Set<string>();

/** Keeps a line for the end of the suite, which asks whether everything documented was seen. */
function note(line: string): void {
  if (noted.has(line)) return;
  noted.add(line);
  appendFileSync(seenFile, `${line}\n`);
}

function codeOf(response: Response, body: string | null): string {
  if (body === null || !response.headers.get('content-type')?.startsWith('application/problem+json'))
    return '-';
  return (JSON.parse(body) as { code: string }).code;
}

async function readCopy(copy: Response): Promise<string | null> {
  const text = copy.text().catch(() => null);
  return Promise.race([text, sleep(PATIENCE_MS, null, { ref: false })]);
}

async function faultsOf(method: string, path: string, response: Response, reading: Promise<string | null>) {
  const operation = operationFor(method, path);
  const body = await reading;
  if (operation === undefined) return [];
  const { status, headers } = response;
  note(`answer ${operation.id} ${status} ${codeOf(response, body)}`);
  const faults = checks.answerFaults(operation, { method, path, status, headers, body });
  return faults.map((fault) => `${operation.id} ${status}: ${fault}`);
}

/** Streams and files: whoever leaves one early must be its only reader, or it would go on. */
function isLong({ headers }: Response): boolean {
  return (
    headers.has('content-disposition') || (headers.get('content-type') ?? '').startsWith('text/event-stream')
  );
}

/**
 * Holds an answer of the Worker to the API document; the test that got it fails when it does not fit.
 * @param text its body where that was read already; else a copy is read, unless it is long
 */
export function watch(method: string, url: string, response: Response, text?: string): Response {
  const { pathname } = new URL(url, 'http://worker');
  const unread = response.body === null || isLong(response);
  const reading = text === undefined && !unread ? readCopy(response.clone()) : Promise.resolve(text ?? null);
  pending.push(faultsOf(method, pathname, response, reading));
  return response;
}

// When loaded: a file whose tests are all skipped has run too.
note(`file ${expect.getState().testPath}`);

afterEach(async () => {
  const faults = (await Promise.all(pending.splice(0))).flat();
  expect([...new Set(faults)]).toEqual([]);
});
