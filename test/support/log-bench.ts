import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { ProblemSummary } from '#contract/problem-bank.ts';
import { calendarOfRule, keyOf, STANDARD_CALENDAR } from '#domain/calendar.ts';
import type { Context } from '#worker/context.ts';
import { changePath } from '#worker/paths/change.ts';
import { makeReviewTasks } from '#worker/planning/store-reviews.ts';
import { detachRows, removeDetached } from '#worker/privacy/store.ts';
import { gradeTask, undoGrade, undoReview } from '#worker/reviews/grade.ts';
import { seededRandom } from '../simulate/random.ts';
import { patched, stamp } from './evaluation-bench.ts';
import { type Learner, progressBench, seed, taskOf } from './progress-bench.ts';

/** Problems that a change of the config chooses among. */
const BANK = Array.from({ length: 20 }, (_, n) =>
  ProblemSummary.parse({
    problem_id: `new-${n}`,
    title: `New ${n}`,
    module: 'arrays-strings',
    topic_tags: ['array'],
    difficulty: 1,
    languages: ['python'],
    expected_minutes: 20,
    content_hash: 'c'.repeat(64),
  }),
);

const BEGIN = Date.parse('2026-03-01T10:00:00.000Z');
const TYPED = { metadata: { reason: 'a seed' } };

/** A database with learners whose log holds everything that can happen; `owner` is asked as its owner. */
export async function logBench() {
  const bench = await progressBench();
  const owner = new pg.Client({ connectionString: bench.postgresUrl });
  await owner.connect();
  // To play replica, which switches ordinary triggers off, is a superuser's: the guards must hold even so.
  const admin = new pg.Client({ connectionString: bench.adminUrl });
  await admin.connect();
  await admin.query('grant set on parameter session_replication_role to study_paths_owner');
  await admin.end();

  /** Whether the verb was refused is its own business: a learner asks for what cannot be, too. */
  const refused = (error: unknown) => {
    if (error instanceof Error && error.name === 'AppError') return undefined;
    throw error;
  };

  const more = {
    attempt: async (who: Learner, task: string, at: string, roll: number) => {
      await bench.verbs.submit?.(who, task, at, roll);
      await bench.verbs.settle?.(who, task, at, roll);
    },
    regrade: (who: Learner, task: string, at: string) =>
      gradeTask(contextAt(at), who.learner, task, 'hard').catch(refused),
    ungrade: (who: Learner, task: string, at: string) =>
      undoGrade(contextAt(at), who.learner, task).catch(refused),
    undo: (who: Learner, task: string, at: string) =>
      undoReview(contextAt(at), who.learner, task).catch(refused),
    reviews: (_who: Learner, _task: string, at: string) => {
      const calendar = calendarOfRule(STANDARD_CALENDAR);
      const day = calendar.dayOf(Date.parse(at));
      const [starts, ends] = [day, day + 1].map((of) => new Date(calendar.startOf(of)).toISOString());
      const today = { ...STANDARD_CALENDAR, day: keyOf(day), starts: starts ?? at, ends: ends ?? at };
      return makeReviewTasks(bench.db, { ...stamp, now: at, days: [today], limit: 20, known: null });
    },
    reason: ({ learner }: Learner, task: string, at: string) =>
      patched(
        bench.db,
        learner,
        task,
        {
          status: 'skipped',
          reason: 'zu schwer 🙁',
          metadata: { '\u{1F600}': [1e21, 0.1, 1e-7], é: { '': null } },
        },
        at,
      ),
    config: ({ learner, path }: Learner, _task: string, at: string, roll: number) =>
      changePath(contextAt(at), learner, path, { horizon: 9 + roll, tasks_per_day: 1 + roll }).catch(refused),
  };
  const verbs = { ...bench.verbs, ...more };

  function contextAt(now: string): Context {
    return {
      db: bench.db,
      now,
      requestId: 'test',
      actor: { type: 'learner' },
      newId: randomUUID,
      problemBank: { list: async () => BANK },
    } as unknown as Context;
  }

  /**
   * Learners with twelve tasks each, and `steps` things that happen to them by chance.
   * @param onStep called after each step.
   */
  async function makeHistory(
    options: { learners: number; steps: number; seed: number },
    onStep: (who: Learner, at: string) => Promise<unknown> = async () => undefined,
  ): Promise<Learner[]> {
    const random = seededRandom(options.seed, 'history');
    const pick = (below: number) => Math.floor(random.next() * below);
    const names = [
      ...Object.keys(verbs),
      'start',
      'attempt',
      'attempt',
      'attempt',
      'attempt',
      'submit',
      'settle',
      'regrade',
    ];
    const learners: Learner[] = [];
    for (let n = 0; n < options.learners; n += 1) {
      learners.push(await bench.newLearner(Array.from({ length: 12 }, (_, index) => seed(index, TYPED))));
    }
    let now = BEGIN;
    for (let step = 0; step < options.steps; step += 1) {
      const who = learners[pick(learners.length)];
      if (who === undefined) continue;
      now += pick(3_600_000) + 1;
      const at = new Date(now).toISOString();
      const verb = verbs[names[pick(names.length)] as keyof typeof verbs];
      await (verb as typeof bench.verbs.start)?.(who, taskOf(who, pick(1000)), at, pick(4));
      await onStep(who, at);
    }
    return learners;
  }

  async function erasePath({ learner, path }: Learner): Promise<void> {
    await detachRows(bench.db, learner, { ...stamp, pathId: path, erasureId: randomUUID() });
    while (await removeDetached(bench.db, [path]));
  }

  return {
    ...bench,
    owner,
    makeHistory,
    erasePath,
    async close() {
      await owner.end();
      await bench.close();
    },
  };
}

export type LogBench = Awaited<ReturnType<typeof logBench>>;
