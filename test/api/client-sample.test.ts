import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { newLearner, stack } from '../support/api.ts';
import { PLATEAU } from '../support/submissions.ts';

const run = promisify(execFile);
const SAMPLE = 'test/samples/next-route';

type Handler = (request: Request, context: { params: Promise<{ id: string }> }) => Promise<Response>;

beforeAll(async () => {
  await run('npm', ['run', '--silent', 'build:client']);
});

/** The handler, and the sessions that it looks into. */
async function sample() {
  const root = new URL(`../../${SAMPLE}/`, import.meta.url);
  const route = (await import(new URL('app/api/tasks/[id]/hint/route.ts', root).href)) as { POST: Handler };
  const { sessions } = (await import(new URL('sessions.ts', root).href)) as { sessions: Map<string, string> };
  return { POST: route.POST, sessions };
}

test('the built client is plain JavaScript with types that need nothing of this repository', async () => {
  const files = await readdir('.build/client');
  expect(files).toEqual(expect.arrayContaining(['index.js', 'index.d.ts', 'types.d.ts']));
  for (const file of files) {
    const text = await readFile(`.build/client/${file}`, 'utf8');
    for (const [, specifier] of text.matchAll(/(?:from|import) ['"]([^'"]+)['"]/g)) {
      expect(specifier, file).toMatch(/^\.\/[a-z-]+\.js$/);
    }
  }
  const { stdout } = await run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts']);
  const [packed] = JSON.parse(stdout) as { files: { path: string }[] }[];
  const paths = packed?.files.map((file) => file.path) ?? [];
  expect(paths).toEqual(
    expect.arrayContaining(['.build/client/index.js', '.build/client/types.d.ts', 'LICENSE']),
  );
  expect(paths.filter((path) => path.startsWith('src/') || path.startsWith('test/'))).toEqual([]);
});

test('the sample compiles against the built types, and what it must not do does not', async () => {
  const { stdout } = await run('npx', ['tsc', '-p', SAMPLE]);
  expect(stdout).toBe('');
});

test('the sample passes the bytes of a hint through and keeps the token to itself', async () => {
  process.env.STUDY_PATHS_URL = stack.worker;
  const { POST, sessions } = await sample();
  const learner = await newLearner();
  const { path } = await learner.newPath();
  const taskId = await learner.newTask(path.id, PLATEAU);
  const session = randomUUID();
  sessions.set(session, learner.token);
  const ask = (id: string, cookie: string) => {
    const init = { method: 'POST', headers: { cookie }, body: JSON.stringify({ level: 1 }) };
    return POST(new Request('https://app.example/api', init), { params: Promise.resolve({ id }) });
  };

  const hint = await ask(taskId, `theme=dark; session=${session}`);
  expect(hint.headers.get('content-type')).toBe('text/event-stream');
  const bytes = await hint.text();
  const direct = await learner.send(`/v1/study-tasks/${taskId}/hint`, { body: { level: 1 } });
  expect(bytes).toBe(await direct.text());
  expect(bytes).toContain('event: done');
  expect(JSON.stringify([...hint.headers])).not.toContain(learner.token);

  expect((await ask(taskId, 'session=stranger')).status).toBe(401);
  const unknown = await ask(randomUUID(), `session=${session}`);
  expect([unknown.status, await unknown.json()]).toEqual([404, { code: 'not-found' }]);
});
