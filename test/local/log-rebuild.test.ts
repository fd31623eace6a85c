import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { compareRebuilt, rebuildLog } from '#cli/log/rebuild.ts';
import { logBench } from '../support/log-bench.ts';
import { seed } from '../support/progress-bench.ts';

/** More than one batch of learners takes. */
const LEARNERS = 130;

test('a rebuilding whose connection is killed in its second batch goes on behind the first one', async () => {
  const bench = await logBench();
  onTestFinished(() => bench.close());
  await bench.makeHistory({ learners: 3, steps: 40, seed: 3 });
  for (let left = LEARNERS; left > 0; left -= 10)
    await Promise.all(Array.from({ length: 10 }, () => bench.newLearner([seed(left)])));

  const victim = new pg.Client({ connectionString: bench.postgresUrl });
  victim.on('error', () => undefined);
  await victim.connect();
  const { rows } = await victim.query<{ pid: number }>('select pg_backend_pid() as pid');
  let batches = 0;
  const dying = {
    async query(text: string, values?: unknown[]) {
      if (batches === 1 && text.includes('insert into halved.study_tasks'))
        await bench.owner.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
      return victim.query(text, values);
    },
  } as unknown as pg.ClientBase;
  const count = () => {
    batches += 1;
  };
  await expect(rebuildLog(dying, 'halved', count)).rejects.toThrow();
  expect(batches).toBe(1);
  expect(await bench.rows('select count(*)::integer as paths from halved.study_paths')).toEqual([
    { paths: 100 },
  ]);

  const rest = await rebuildLog(bench.owner, 'halved');
  const whole = await rebuildLog(bench.owner, 'whole');
  expect(rest.resumed).toBe(true);
  expect(rest.rows).toBeGreaterThan(0);
  expect(rest.rows).toBeLessThan(whole.rows);
  for (const schema of ['halved', 'whole'])
    expect(new Set(Object.values(await compareRebuilt(bench.owner, schema)))).toEqual(new Set([0]));
});
