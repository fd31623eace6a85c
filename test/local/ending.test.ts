import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const ENDING = fileURLToPath(new URL('../../src/services/common/ending.ts', import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ending-'));
  const program = `import { appendFileSync } from 'node:fs';
import { onEnd } from ${JSON.stringify(ENDING)};
const say = (word) => appendFileSync(process.env.LOG, word + '\\n');
onEnd((why) => { say(why); process.exit(0); });
setInterval(() => {}, 1000);
say('up ' + process.pid);
`;
  await writeFile(join(folder, 'program.mjs'), program);
  const node = JSON.stringify(process.execPath);
  const scripts = { direct: `exec ${node} program.mjs`, wrapped: `true; ${node} program.mjs; true` };
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module', scripts }));
});
afterAll(() => rm(folder, { recursive: true }));

let runs = 0;
/** Starts a command that runs the program; `words` is what the program said so far. */
function start(file: string, args: readonly string[]) {
  runs += 1;
  const log = join(folder, `log-${runs}`);
  const env = { ...process.env, LOG: log };
  const child = spawn(file, args, { cwd: folder, env, stdio: 'ignore' });
  const words = async () =>
    (await readFile(log, 'utf8').catch(() => '')).split('\n').filter((word) => word !== '');
  const up = async () => {
    await expect.poll(words, { timeout: 30_000 }).toHaveLength(1);
    return Number((await words())[0]?.slice(3));
  };
  return { child, words, up };
}
const last = async (words: () => Promise<string[]>) => (await words()).at(-1);
const ended = (child: ChildProcess) => new Promise((resolve) => child.once('exit', resolve));
const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
const NODE = `${JSON.stringify(process.execPath)} program.mjs`;

describe.skipIf(process.platform !== 'linux')('a program ends', () => {
  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'on %s, under a shell that ignores it',
    async (signal) => {
      const { up, words } = start('/bin/sh', ['-c', `trap '' INT HUP; exec ${NODE}`]);
      process.kill(await up(), signal);
      await expect.poll(() => last(words)).toBe(signal);
    },
  );
  test.each(['SIGINT', 'SIGTERM'] as const)(
    'on %s to npm, as the script replaces its shell',
    async (signal) => {
      const { child, up, words } = start('npm', ['run', 'direct']);
      await up();
      child.kill(signal);
      await expect.poll(() => last(words)).toBe(signal);
    },
  );
  test.each(['direct', 'wrapped'])('when npm is killed without a word (%s)', async (script) => {
    const { child, up, words } = start('npm', ['run', script]);
    await up();
    child.kill('SIGKILL');
    await expect.poll(() => last(words), { timeout: 5000 }).toBe('parent-gone');
  });
  test.each([NODE, 'npm run wrapped'])('when the shell that waits for it is killed: %s', async (command) => {
    const { child, up, words } = start('/bin/sh', ['-c', `true; ${command}; true`]);
    await up();
    await new Promise((resolve) => setTimeout(resolve, 1000));
    child.kill('SIGKILL');
    await expect.poll(() => last(words), { timeout: 5000 }).toBe('parent-gone');
  });
  test.each([NODE, 'npm run wrapped'])(
    'not when the shell left it in the background: %s',
    async (command) => {
      const { child, up, words } = start('/bin/sh', ['-c', `${command} & sleep 3`]);
      const pid = await up();
      await ended(child);
      await new Promise((resolve) => setTimeout(resolve, 1500));
      expect([isAlive(pid), (await words()).length]).toEqual([true, 1]);
      process.kill(pid, 'SIGTERM');
      await expect.poll(() => last(words)).toBe('SIGTERM');
    },
  );
});
