import { randomBytes, randomUUID } from 'node:crypto';
import { seedsJson } from '#worker/db/insert-tasks.ts';
import { countHint, recordInteraction } from '#worker/hints/store.ts';
import { storeBatch } from '#worker/tasks/store.ts';
import { judged, stamp } from '../support/evaluation-bench.ts';
import { logBench } from '../support/log-bench.ts';
import { seed } from '../support/progress-bench.ts';
import { say } from './kit.ts';

/** A month of an active learner, as the table of costs in README takes it. */
const TASKS = 100;
const SUBMISSIONS = 3;
const HINTS = 2;
const TESTS = 12;
/** Bytes of a program, of its output as JSON, and of what a tutor says with what was asked; sealed, they are a third more. */
const CODE = 1200;
const OUTPUT = 600;
const TALK = 1500;

const LEARNERS = 10;
const NOW = Date.parse('2026-03-01T10:00:00.000Z');

const at = (minute: number) => new Date(NOW + minute * 60_000).toISOString();
/** What is sealed cannot be compressed, so it is random here. */
const sealed = (bytes: number) => randomBytes(bytes + 28).toString('base64');

type Bench = Awaited<ReturnType<typeof logBench>>;

/** The tasks of one learner, by the Worker's own statements: judged three times, with two hints each. */
async function aMonth(bench: Bench): Promise<void> {
  const { learner, path } = await bench.newLearner([seed(0)]);
  const seeds = Array.from({ length: TASKS - 1 }, (_, n) =>
    seed(n, { kind: 'problem', problem_id: `problem-${n}`, metadata: { reason: 'A problem of the month.' } }),
  );
  await storeBatch(bench.db, learner, { ...stamp, path_id: path, tasks: seedsJson(seeds) });
  for (const [minute, { id }] of seeds.entries()) {
    for (let hint = 0; hint < HINTS; hint += 1) {
      const about = { ...stamp, now: at(minute), hint_id: randomUUID() };
      await countHint(bench.db, learner, id, { ...about, level: 1, quota: null });
      const payload = {
        hint_id: about.hint_id,
        level: 1,
        outcome: 'complete',
        duration_ms: 4000,
        bytes: TALK,
        transcript_sha256: randomBytes(32).toString('hex'),
      };
      await recordInteraction(bench.db, learner, id, {
        ...about,
        payload: JSON.stringify(payload),
        sealed: sealed(TALK),
      });
    }
    for (let attempt = 0; attempt < SUBMISSIONS; attempt += 1) {
      const stored = await bench.submitted(learner, id, {
        now: at(minute),
        sealed_code: sealed(CODE),
        code_bytes: CODE,
      });
      await bench.settle(stored, judged(TESTS - SUBMISSIONS + 1 + attempt, TESTS), {
        now: at(minute),
        sealed_output: sealed(OUTPUT),
      });
    }
  }
}

/**
 * What a month of an active learner weighs in PostgreSQL, tables, indexes and what is stored beside them: 100 tasks with
 * three submissions and two hints each.
 */
export async function benchSizes(): Promise<void> {
  const bench = await logBench();
  const query = `select c.relname as name, pg_total_relation_size(c.oid) as bytes from pg_class c
    where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace order by bytes desc`;
  async function weigh() {
    await bench.owner.query('vacuum full analyze');
    const { rows } = await bench.owner.query<{ name: string; bytes: string }>(query);
    return rows.map(({ name, bytes }) => ({ name, bytes: Number(bytes) }));
  }
  try {
    const before = new Map((await weigh()).map(({ name, bytes }) => [name, bytes]));
    for (let n = 0; n < LEARNERS; n += 1) await aMonth(bench);
    const after = await weigh();
    const kib = (bytes: number) => (bytes / 1024 / LEARNERS).toFixed(0).padStart(6);
    let all = 0;
    say(
      `a month of a learner (${TASKS} tasks, each with ${SUBMISSIONS} submissions and ${HINTS} hints), in KiB`,
    );
    for (const { name, bytes } of after) {
      const grown = bytes - (before.get(name) ?? 0);
      all += grown;
      if (grown > 0) say(`${kib(grown)}  ${name}`);
    }
    const [events] = await bench.rows('select count(*) as n from task_events');
    say(`${kib(all)}  together, without dead rows; ${Number(events?.n) / LEARNERS} events`);
  } finally {
    await bench.close();
  }
}
