import { cpus, loadavg } from 'node:os';
import { compareRebuilt, rebuildLog } from '#cli/log/rebuild.ts';
import { verifyLog } from '#cli/log/verify.ts';
import { seedsJson } from '#worker/db/insert-tasks.ts';
import { expireTasks } from '#worker/jobs/store.ts';
import { storeBatch } from '#worker/tasks/store.ts';
import { judged, stamp } from '../support/evaluation-bench.ts';
import { logBench } from '../support/log-bench.ts';
import { seed } from '../support/progress-bench.ts';
import { say } from './kit.ts';

const EVENTS = 100_000;
const LEARNERS = 100;
const TASKS_EACH = 500;
const ATTEMPTS = 5000;
/** Writers at once. */
const WIDTH = 4;
const NOW = Date.parse('2026-03-01T10:00:00.000Z');
const at = (minute: number) => new Date(NOW + minute * 60_000).toISOString();

async function inParallel(count: number, work: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: WIDTH }, worker));
}

const seconds = (since: number) => ((performance.now() - since) / 1000).toFixed(1);

/**
 * A load of 100,000 events by the Worker's own statements: batches of tasks, submissions with their results, and the
 * cron that expires the rest. Then the log is verified, rebuilt and compared, each with its seconds.
 * @throws Error when anything differs.
 */
export async function benchLog(): Promise<void> {
  const bench = await logBench();
  try {
    say(`${cpus().length} cores, load average ${loadavg()[0]?.toFixed(1)}`);
    const started = performance.now();
    const learners = await Promise.all(Array.from({ length: LEARNERS }, () => bench.newLearner([seed(0)])));
    const tasks: { learner: string; id: string }[] = [];
    await inParallel(LEARNERS, async (index) => {
      const who = learners[index];
      if (who === undefined) return;
      const seeds = Array.from({ length: TASKS_EACH - 1 }, (_, n) =>
        seed(n, {
          kind: 'problem',
          problem_id: `problem-${n}`,
          metadata: { reason: 'A problem of the load.' },
        }),
      );
      await storeBatch(bench.db, who.learner, {
        ...stamp,
        path_id: who.path,
        tasks: seedsJson(seeds),
      });
      for (const { id } of seeds.slice(0, ATTEMPTS / LEARNERS)) tasks.push({ learner: who.learner, id });
    });
    await inParallel(tasks.length, async (index) => {
      const task = tasks[index];
      if (task === undefined) return;
      const stored = await bench.submitted(task.learner, task.id, { now: at(index % 900) });
      // Another result of the learner may have come first: then it is decided on what that one left.
      for (let seen = stored, tries = 0; tries < 9; tries += 1) {
        const written = await bench.settle(seen, judged(index % 5), { now: at(1 + (index % 900)) });
        if (written?.outcome !== 'stale') break;
        seen = { ...stored, ...written, outcome: stored.outcome };
      }
    });
    const counted = async () => Number((await bench.rows('select count(*) as n from task_events'))[0]?.n);
    for (let events = await counted(); events < EVENTS; events = await counted()) {
      const limit = Math.min(500, EVENTS - events);
      const expired = await expireTasks(bench.db, { ...stamp, now: '2027-01-01T00:00:00.000Z', limit });
      if (expired === 0) throw new Error(`only ${events} events`);
    }
    await bench.owner.query('vacuum analyze');
    say(`generated ${await counted()} events of ${LEARNERS * TASKS_EACH} tasks in ${seconds(started)} s`);

    const verifying = performance.now();
    const { events, broken, differences } = await verifyLog(bench.owner);
    say(
      `verify:  ${seconds(verifying)} s, ${events} events, ${broken.length} broken chains, ${differences.length} differences`,
    );
    const rebuilding = performance.now();
    const { rows } = await rebuildLog(bench.owner, 'rebuilt');
    say(`rebuild: ${seconds(rebuilding)} s, ${rows} rows`);
    const comparing = performance.now();
    const differing = await compareRebuilt(bench.owner, 'rebuilt');
    say(`compare: ${seconds(comparing)} s, rows that differ: ${JSON.stringify(differing)}`);
    const wrong = Object.values(differing).reduce((sum, count) => sum + count, 0);
    if (broken.length + differences.length + wrong > 0) throw new Error('the log is not the truth');
  } finally {
    await bench.close();
  }
}
