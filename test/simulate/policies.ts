import type { DifficultyState, MasteryState, ReviewState } from '#contract/learning.ts';
import { PathConfig } from '#contract/paths.ts';
import type { ProblemSummary } from '#contract/problem-bank.ts';
import { Module } from '#contract/vocabulary.ts';
import { calendarOfRule, dayOfKey, keyOf } from '#domain/calendar.ts';
import { dueDayOf, lastDayOf } from '#domain/review-days.ts';
import { startingDifficulty, stepDifficulty } from '#worker/learning/difficulty-rules.ts';
import { applyFailedReview, applyFirstAttempt } from '#worker/learning/mastery-rules.ts';
import { SelectionConfig, selectTasks } from '#worker/learning/selection-rules.ts';
import { planFirstTasks } from '#worker/paths/domain.ts';
import { momentOf, retrievability, review, reviewParams } from '#worker/reviews/fsrs.ts';
import { gradeFromEvidence, spreadDue } from '#worker/reviews/review-rules.ts';
import type { Attempt } from './learner.ts';
import type { Random } from './random.ts';

const HOUR = 3_600_000;

export const CONFIG = PathConfig.parse({});
const SELECTION = SelectionConfig.parse(CONFIG);
const PARAMS = reviewParams(CONFIG.desired_retention);
const CALENDAR = calendarOfRule(CONFIG);

export type Job = { kind: 'problem' | 'review'; problem: ProblemSummary };

/** Decides what a learner does next, and learns from what came of it; `at` is milliseconds since 1970. */
export type Policy = {
  /** Called at the start of each day of practice. */
  beginDay(at: number): void;
  /** Null when there is nothing to do today. */
  next(at: number): Job | null;
  settle(job: Job, attempt: Attempt, at: number): void;
  mastery: ReadonlyMap<string, MasteryState>;
  /** Distinct problems that were done, by module. */
  completed: ReadonlyMap<Module, number>;
};

/** What both policies keep: mastery is measured by the same rule whoever chose the tasks. */
function createRecord() {
  const mastery = new Map<string, MasteryState>();
  const completed = new Map<Module, number>();
  return {
    mastery,
    completed,
    settle({ kind, problem }: Job, { score }: Attempt): void {
      const { topic_tags, difficulty, module } = problem;
      if (kind === 'problem') {
        completed.set(module, (completed.get(module) ?? 0) + 1);
        for (const [tag, state] of applyFirstAttempt(topic_tags, mastery, difficulty, score))
          mastery.set(tag, state);
      } else if (score < 1) {
        for (const [tag, state] of applyFailedReview(topic_tags, mastery, difficulty))
          mastery.set(tag, state);
      }
    },
  };
}

type OpenTask = { problem: ProblemSummary; scheduled_at: string; open: boolean };

/** The engine as the Worker applies it: first tasks, settling, top-up, expiry and reviews, by their own rules. */
export function enginePolicy(catalogue: readonly ProblemSummary[]): Policy {
  const byId = new Map(catalogue.map((problem) => [problem.problem_id, problem]));
  const record = createRecord();
  const levels = new Map<Module, DifficultyState>();
  const cards = new Map<string, ReviewState>();
  const seen = new Set<string>();
  let tasks: OpenTask[] = [];
  let reviews: string[] = [];
  let begun = false;

  function problemOf(id: string): ProblemSummary {
    const problem = byId.get(id);
    if (problem === undefined) throw new Error(`${id} is not in the catalogue`);
    return problem;
  }

  function add(chosen: readonly { problem_id: string; scheduled_at: string }[]): void {
    for (const { problem_id, scheduled_at } of chosen) {
      seen.add(problem_id);
      tasks.push({ problem: problemOf(problem_id), scheduled_at, open: true });
    }
  }

  function topUp(at: number): void {
    const today = CALENDAR.dayOf(at);
    for (const task of tasks) {
      if (Date.parse(task.scheduled_at) + CONFIG.expiry_hours * HOUR < at) task.open = false;
    }
    tasks = tasks.filter(
      ({ open, scheduled_at }) => open || CALENDAR.dayOf(Date.parse(scheduled_at)) >= today,
    );
    add(
      selectTasks({
        config: SELECTION,
        now: new Date(at).toISOString(),
        calendar: CALENDAR,
        catalogue,
        seen,
        modules: new Map(
          Module.options.map((module) => [
            module,
            { completed: record.completed.get(module) ?? 0, difficulty: levels.get(module) ?? null },
          ]),
        ),
        mastery: record.mastery,
        planned: tasks.map(({ problem, scheduled_at, open }) => ({ ...problem, scheduled_at, open })),
        reviewsDue: [...cards.values()].map(dueDayOf),
        wanted: CONFIG.horizon - tasks.filter(({ open }) => open).length,
      }),
    );
  }

  function stepLevel({ module }: ProblemSummary, score: number): void {
    const known = Module.options.flatMap((tag) => record.mastery.get(tag) ?? []);
    levels.set(module, stepDifficulty(levels.get(module) ?? startingDifficulty(known), score));
  }

  return {
    mastery: record.mastery,
    completed: record.completed,

    beginDay(at) {
      const now = new Date(at).toISOString();
      if (!begun) add(planFirstTasks(catalogue, CONFIG, now, () => 'task'));
      begun = true;
      topUp(at);
      const today = CALENDAR.dayOf(at);
      const items = [...cards].map(([problem_id, card]) => ({
        problem_id,
        due_day: dayOfKey(dueDayOf(card)),
        last_day: dayOfKey(lastDayOf(card)),
        retrievability: retrievability(card, keyOf(today), PARAMS),
      }));
      reviews = spreadDue(items, { perDay: CONFIG.reviews_per_day, takenToday: 0, calendar: CALENDAR, now })
        .filter(({ day }) => day === today)
        .map(({ problem_id }) => problem_id);
    },

    next(at) {
      const due = reviews.shift();
      if (due !== undefined) return { kind: 'review', problem: problemOf(due) };
      const today = CALENDAR.dayOf(at);
      const ready = tasks
        .filter(({ open, scheduled_at }) => open && CALENDAR.dayOf(Date.parse(scheduled_at)) <= today)
        .toSorted((a, b) => Date.parse(a.scheduled_at) - Date.parse(b.scheduled_at));
      return ready[0] === undefined ? null : { kind: 'problem', problem: ready[0].problem };
    },

    settle(job, attempt, at) {
      const { problem, kind } = job;
      const { problem_id, expected_minutes } = problem;
      const { score, hintsUsed, secondsSpent } = attempt;
      if (kind === 'problem') stepLevel(problem, score);
      record.settle(job, attempt);
      const before = cards.get(problem_id) ?? null;
      const grade = gradeFromEvidence({
        passed: score === 1,
        attempt: 1,
        hintsUsed,
        secondsSpent,
        expectedMinutes: expected_minutes,
        repeat: before !== null,
      });
      cards.set(
        problem_id,
        review(before, grade, momentOf(new Date(at).toISOString(), CONFIG), PARAMS).state,
      );
      for (const task of tasks) if (task.problem === problem) task.open = false;
      topUp(at);
    },
  };
}

/** Share of reviews among the tasks of the baseline: that of the engine, so that it wins by choice, not by amount. */
const REVIEW_SHARE = 0.74;

/** The baseline: any unseen problem, or any earlier one again; never the same one twice in a day. */
export function randomPolicy(catalogue: readonly ProblemSummary[], random: Random): Policy {
  const record = createRecord();
  let unseen = [...catalogue];
  const known: ProblemSummary[] = [];
  let today = new Set<string>();
  return {
    mastery: record.mastery,
    completed: record.completed,
    beginDay() {
      today = new Set();
    },
    next() {
      const again = known.filter(({ problem_id }) => !today.has(problem_id));
      if (again.length > 0 && (unseen.length === 0 || random.chance(REVIEW_SHARE)))
        return { kind: 'review', problem: random.pick(again) };
      return unseen.length === 0 ? null : { kind: 'problem', problem: random.pick(unseen) };
    },
    settle(job, attempt) {
      today.add(job.problem.problem_id);
      record.settle(job, attempt);
      if (job.kind === 'review') return;
      unseen = unseen.filter((problem) => problem !== job.problem);
      known.push(job.problem);
    },
  };
}
