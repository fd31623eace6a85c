import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { rebuildRollups } from '#cli/rebuild-rollups.ts';
import { type Learner, type ProgressBench, progressBench, seed } from '../support/progress-bench.ts';

let bench: ProgressBench;
let someone: Learner;
beforeAll(async () => {
  bench = await progressBench();
});
beforeEach(async () => {
  someone = await bench.newLearner(Array.from({ length: 12 }, (_, index) => seed(index)));
});
afterAll(() => bench.close());

async function spoil(path: string) {
  await bench.rows(
    `update progress_counters set hints_used = hints_used + 1 where path_id = $1 and scope = 'topic'`,
    [path],
  );
  await bench.rows(`delete from progress_counters where path_id = $1 and name = 'heaps'`, [path]);
  await bench.rows(`insert into tried_problems values ($1, 'heaps', 'never-seen')`, [path]);
  await bench.rows(`insert into practice_days values ($1, '2020-02-01', repeat('01', 144)::bit(288))`, [
    path,
  ]);
}

test('rebuilding says how many rows were wrong, sets them right, and then finds nothing', async () => {
  const settings = { databaseUrl: bench.connectionString, fetchEndpoint: bench.fetchEndpoint };
  await rebuildRollups(settings);
  await spoil(someone.path);
  const topics = (await bench.kept(someone.path)).filter(({ scope }) => scope === 'topic').length;
  const [all] = await bench.rows('select count(*)::integer as paths from study_paths');
  expect(await rebuildRollups(settings)).toEqual({ paths: all?.paths, differed: topics + 3 });
  await bench.expectRight(someone.path);
  expect(await rebuildRollups(settings, [someone.path, randomUUID()])).toEqual({ paths: 1, differed: 0 });
});

test('the command rebuilds what it is told to, and refuses what is not an id', async () => {
  const file = new URL('../../src/cli/rebuild-rollups.ts', import.meta.url).pathname;
  const command = (...args: string[]) =>
    new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
      const child = spawn(process.execPath, [file, ...args], {
        env: { DATABASE_URL: bench.connectionString, NEON_FETCH_ENDPOINT: bench.fetchEndpoint },
      });
      let [out, err] = ['', ''];
      child.stdout.on('data', (chunk) => {
        out += chunk;
      });
      child.stderr.on('data', (chunk) => {
        err += chunk;
      });
      child.once('close', (code) => resolve({ code, out, err }));
    });
  await bench.rows('update progress_counters set tasks = tasks + 1 where path_id = $1', [someone.path]);
  const rows = (await bench.kept(someone.path)).length;
  expect(await command(someone.path)).toEqual({
    code: 0,
    out: `rebuilt the sums of 1 paths; ${rows} rows were different before\n`,
    err: '',
  });
  expect(await command('everything')).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringContaining('everything is not the id of a path'),
  });
});
