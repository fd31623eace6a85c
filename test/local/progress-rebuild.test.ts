import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { migrate } from '#cli/migrate.ts';
import { rebuildRollups } from '#cli/rebuild-rollups.ts';
import { startTestDatabase } from '../support/postgres.ts';
import { type Learner, type ProgressBench, progressBench, seed } from '../support/progress-bench.ts';

const DRIZZLE = new URL('../../drizzle', import.meta.url).pathname;
const PATH = '0a0a0a0a-0000-4000-8000-000000000001';

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

test('the migration counts what was there before it', async () => {
  const server = await startTestDatabase();
  const older = mkdtempSync(path.join(os.tmpdir(), 'study-paths-older-'));
  try {
    cpSync(DRIZZLE, older, { recursive: true });
    const journal = path.join(older, 'meta', '_journal.json');
    const all = JSON.parse(readFileSync(journal, 'utf8')) as { entries: { tag: string }[] };
    const entries = all.entries.filter(({ tag }) => tag < '0002');
    writeFileSync(journal, JSON.stringify({ ...all, entries }));
    const target = { databaseUrl: server.connectionString, fetchEndpoint: server.fetchEndpoint };
    await migrate({ ...target, directory: older });
    const client = new pg.Client(server.postgresUrl);
    await client.connect();
    try {
      await client.query(`insert into study_paths (id, user_id) values ($1, 'somebody')`, [PATH]);
      await client.query(
        `insert into study_tasks (path_id, problem_id, module, topic_tags, difficulty, scheduled_at, expires_at, status,
           started_at, completed_at, score, metadata)
         select $1, 'problem-' || n % 2, 'heaps', '{array}', 1, now(), now(), 'completed', now(), now(), n % 2,
           jsonb_build_object('first_score', 1) from generate_series(1, 4) n`,
        [PATH],
      );
      await client.query(
        `insert into task_evaluations (id, task_id, submission_id, attempt, language, code, next_redrive_at, created_at)
         select gen_random_uuid(), id, gen_random_uuid(), 1, 'python', 'sealed', now(), '2026-02-28T23:59:59.999Z'
         from study_tasks`,
      );
      await migrate({ ...target, directory: DRIZZLE });
      const { rows } = await client.query('select progress_snapshot($1) as sums', [PATH]);
      const sums = {
        tasks: 4,
        completed: 4,
        judged: 4,
        first_results: 4,
        solved_first: 4,
        solved: 2,
        score_sum: 2,
      };
      expect(rows[0].sums).toMatchObject({
        'module heaps': { ...sums, problems_tried: 2, problems_solved: 1 },
        'topic array': { ...sums, problems_tried: 0, problems_solved: 0 },
        'tried heaps problem-0': true,
        'tried heaps problem-1': true,
        'solved heaps problem-1': true,
        'day 2026-02-28': `${'0'.repeat(2 * 96 - 1)}1${'0'.repeat(96)}`,
      });
      expect(Object.keys(rows[0].sums)).toHaveLength(6);
    } finally {
      await client.end();
    }
  } finally {
    await server.close();
    rmSync(older, { recursive: true, force: true });
  }
});
