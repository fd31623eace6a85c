import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createDocument } from '#cli/openapi/document.ts';
import { problemExample } from '#cli/openapi/responses.ts';
import { TASK } from '#contract/api/examples.ts';
import { OPERATIONS } from '#contract/api/index.ts';
import { statusesOf } from '#contract/api/operation.ts';
import { ProblemCode } from '#contract/problem-details.ts';
import { createChecks, operationFor } from '../support/openapi.ts';
import { neverSeen } from '../support/seen.ts';

const checks = createChecks(await createDocument());
const folder = mkdtempSync(path.join(tmpdir(), 'study-paths-seen-'));
afterAll(() => rmSync(folder, { recursive: true }));

const START = '/v1/study-tasks/3f0f3b3a-8a52-4b6e-9d0b-6a3f5d8f2c11/start';

function faultsOf(
  status: number,
  body: unknown,
  type = 'application/json',
  more: Record<string, string> = {},
) {
  const operation = operationFor('POST', START);
  if (operation === undefined) throw new Error('no operation');
  const headers = new Headers({ 'content-type': type, 'x-request-id': 'a', ...more });
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return checks.answerFaults(operation, { method: 'POST', path: START, status, headers, body: text });
}

test('an answer that is documented passes, one that is not in any way does not', () => {
  const problem = 'application/problem+json';
  expect(faultsOf(200, { task: TASK })).toEqual([]);
  expect(faultsOf(404, problemExample('not-found'), problem)).toEqual([]);

  expect(faultsOf(200, { task: { ...TASK, secret: 1 } })).toEqual([expect.stringContaining('secret')]);
  expect(faultsOf(200, { task: { ...TASK, score: 2 } })).toEqual([expect.stringContaining('/task/score')]);
  expect(faultsOf(200, { task: { ...TASK, created_at: 'yesterday' } })).toEqual([
    expect.stringContaining('date-time'),
  ]);
  const { version: _version, ...unversioned } = TASK;
  expect(faultsOf(200, { task: unversioned })).toEqual([expect.stringContaining('version')]);
  expect(faultsOf(201, { task: TASK })).toEqual(['status 201 is not documented']);
  expect(faultsOf(500, problemExample('internal'), problem)).toEqual(['status 500 is not documented']);
  expect(faultsOf(200, 'a,b', 'text/csv')).toEqual(['text/csv is not documented']);
  expect(faultsOf(404, problemExample('no-active-path'), problem)).toEqual([
    expect.stringContaining('/code'),
  ]);
  expect(faultsOf(401, problemExample('missing-token'), problem)).toEqual(['no header www-authenticate']);
});

test('a route is told from its neighbours as the router does', () => {
  const ids = ['next', 'review-due', 'export', 'x'].map(
    (name) => operationFor('GET', `/v1/study-tasks/${name}`)?.id,
  );
  expect(ids).toEqual(['getNextTask', 'listDueReviews', 'exportTasks', 'getTask']);
  expect(operationFor('HEAD', '/v1/me/export')?.id).toBe('exportEverything');
  expect(operationFor('GET', '/v1/me')).toBeUndefined();
  expect(operationFor('GET', '/v1/study-tasks/x/y/z')).toBeUndefined();
});

test('what was never seen is told when every file ran, and only then', () => {
  const files = readdirSync('test/api').filter((name) => name.endsWith('.test.ts'));
  const ran = files.map((name) => `file /somewhere/test/api/${name}`);
  const codes = ProblemCode.options.filter((code) => code !== 'not-graded');
  const seen = OPERATIONS.flatMap((operation) =>
    statusesOf(operation).map((status) => `${operation.id} ${status}`),
  );
  const answers = [
    ...seen.filter((line) => line !== 'startTask 413').map((line) => `answer ${line} -`),
    ...codes.map((code) => `answer getTask 404 ${code}`),
  ];
  const notes = (lines: readonly string[]) => {
    const file = path.join(folder, 'seen.txt');
    writeFileSync(file, `${lines.join('\n')}\n`);
    return neverSeen(file, 'test/api');
  };
  expect(notes([...ran, ...answers])).toEqual(['startTask 413', 'not-graded']);
  expect(notes([...ran.slice(1), ...answers])).toEqual([]);
});
