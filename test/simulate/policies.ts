import type { DifficultyState, MasteryState, ReviewState } from '#contract/learning.ts';
import { PathConfig } from '#contract/paths.ts';
import type { ProblemSummary } from '#contract/problem-bank.ts';
import { Module } from '#contract/vocabulary.ts';
import { calendarOfRule, dayOfKey, dueDayOf, keyOf, lastDayOf } from '#domain/calendar.ts';
import { startingDifficulty, stepDifficulty } from '#domain/learning/difficulty.ts';
import { NOTHING_KNOWN } from '#domain/learning/facts.ts';
import { planFirstTasks } from '#domain/learning/first-tasks.ts';
import { applyFailedReview, applyFirstAttempt } from '#domain/learning/mastery.ts';
import { reviewOrNew } from '#domain/learning/next.ts';
import { selectTasks } from '#domain/learning/selection.ts';
import { SelectionConfig, type SelectionInput } from '#domain/learning/selection-input.ts';
import { momentOf, retrievability, review, reviewParams } from '#domain/reviews/fsrs.ts';
import { gradeFromEvidence, spreadDue } from '#domain/reviews/spread.ts';
import type { Attempt } from './learner.ts';
import type { Random } from './random.ts';

const HOUR = 3_600_000;

export const CONFIG = PathConfig.parse({});
const SELECTION = SelectionConfig.parse(CONFIG);
const PARAMS = reviewParams(CONFIG.desired_retention);
const CALENDAR = calendarOfRule(CONFIG);

export type Job = { kind: 'problem' | 'review'; problem: ProblemSummary };

/** What an absence costs: problems that were open when it began, those that expired in it, and those lost by that. */
export type Absence = { open: number; expired: number; lost: number };

/** Decides what a learner does next, and learns from what came of it; `at` is milliseconds since 1970. */
export type Policy = {
  /** Called at the start of each day of practice. */
  beginDay(at: number): void;
  /** Null when there is nothing to do today. */
  next(at: number): Job | null;
  settle(job: Job, attempt: Attempt, at: number): void;
  /** What staying away from `from` until `to` would cost; changes nothing. */
  absence(from: number, to: number): Absence;
  mastery: ReadonlyMap<string, MasteryState>;
  /** Distinct problems that were solved, by module. */
  solved: ReadonlyMap<Module, number>;
};

/** What both policies remember: mastery is measured by the same rule for both. */
function createRecord() {
  const mastery = new Map<string, MasteryState>();
  const solved = new Map<Module, number>();
  const passed = new Set<string>();
  const tried = new Map<string, { problem_id: string; task_id: string }>();

  function learn({ kind, problem }: Job, score: number): void {
    const { problem_id, topic_tags, difficulty } = problem;
    const isFirst = !passed.has(problem_id) && !tried.has(problem_id);
    if (!isFirst && (kind !== 'review' || score === 1)) return;
    const learnt = isFirst
      ? applyFirstAttempt(topic_tags, mastery, difficulty, score)
      : applyFailedReview(topic_tags, mastery, difficulty);
    for (const [tag, state] of learnt) mastery.set(tag, state);
  }

  return {
    mastery,
    solved,
    passed,
    tried,
    settle(job: Job, { score }: Attempt): void {
      const { problem_id, module } = job.problem;
      learn(job, score);
      if (passed.has(problem_id)) return;
      tried.delete(problem_id);
      if (score < 1) return void tried.set(problem_id, { problem_id, task_id: problem_id });
      passed.add(problem_id);
      solved.set(module, (solved.get(module) ?? 0) + 1);
    },
  };
}

type OpenTask = ProblemSummary & { scheduled_at: string; open: boolean };

/** The engine as the Worker applies it: first tasks, settling, planning, expiry and reviews, by their own rules. */
export function enginePolicy(catalogue: readonly ProblemSummary[]): Policy {
  const byId = new Map(catalogue.map((problem) => [problem.problem_id, problem]));
  const record = createRecord();
  const levels = new Map<Module, DifficultyState>();
  const cards = new Map<string, ReviewState>();
  let tasks: OpenTask[] = [];
  let reviews: string[] = [];
  let lastNewDay: number | null = null;
  let reviewsSince = 0;
  let reviewed: string[] = [];
  let begun = false;

  function problemOf(id: string): ProblemSummary {
    const problem = byId.get(id);
    if (problem === undefined) throw new Error(`${id} is not in the catalogue`);
    return problem;
  }

  function add(chosen: readonly { problem_id: string; scheduled_at: string }[]): void {
    for (const { problem_id, scheduled_at } of chosen)
      tasks.push({ ...problemOf(problem_id), scheduled_at, open: true });
  }

  const isOver = ({ scheduled_at }: OpenTask, at: number) =>
    Date.parse(scheduled_at) + CONFIG.expiry_hours * HOUR < at;

  function input(at: number, planned: readonly OpenTask[]): SelectionInput {
    return {
      config: SELECTION,
      now: new Date(at).toISOString(),
      calendar: CALENDAR,
      catalogue,
      history: { solved: record.passed, attempted: [...record.tried.values()], skipped: [] },
      modules: new Map(
        Module.options.map((module) => [
          module,
          { solved: record.solved.get(module) ?? 0, difficulty: levels.get(module) ?? null },
        ]),
      ),
      mastery: record.mastery,
      planned,
      reviewsDue: [...cards.values()].map(({ due }) => due),
      reviewsDone: reviewed,
      wanted: Math.max(0, CONFIG.horizon - planned.filter(({ open }) => open).length),
    };
  }

  function topUp(at: number): void {
    const today = CALENDAR.dayOf(at);
    for (const task of tasks) if (isOver(task, at)) task.open = false;
    tasks = tasks.filter(
      ({ open, scheduled_at }) => open || CALENDAR.dayOf(Date.parse(scheduled_at)) >= today,
    );
    add(selectTasks(input(at, tasks)));
  }

  function stepLevel({ module }: ProblemSummary, score: number): void {
    const known = Module.options.flatMap((tag) => record.mastery.get(tag) ?? []);
    levels.set(module, stepDifficulty(levels.get(module) ?? startingDifficulty(known), score));
  }

  const isMet = ({ problem_id }: ProblemSummary) =>
    record.passed.has(problem_id) || record.tried.has(problem_id);

  return {
    mastery: record.mastery,
    solved: record.solved,

    beginDay(at) {
      const now = new Date(at).toISOString();
      if (!begun) add(planFirstTasks(NOTHING_KNOWN, CONFIG, catalogue, now, () => 'task'));
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
      const [first] = tasks
        .filter(({ open }) => open)
        .toSorted((a, b) => Date.parse(a.scheduled_at) - Date.parse(b.scheduled_at));
      const isNext = (task: OpenTask) => {
        const newTaskDay = CALENDAR.dayOf(Date.parse(task.scheduled_at));
        const today = CALENDAR.dayOf(at);
        if (reviews.length > 0) return reviewOrNew({ today, newTaskDay, lastNewDay, reviewsSince }) === 'new';
        // Who is done with today's plan stops, though the Worker would go on with that of tomorrow.
        return newTaskDay <= today || lastNewDay !== today;
      };
      if (first !== undefined && isNext(first))
        return { kind: 'problem', problem: problemOf(first.problem_id) };
      const due = reviews.shift();
      return due === undefined ? null : { kind: 'review', problem: problemOf(due) };
    },

    settle(job, attempt, at) {
      const { problem, kind } = job;
      const { problem_id, expected_minutes } = problem;
      const { score, hintsUsed, secondsSpent } = attempt;
      if (!isMet(problem)) stepLevel(problem, score);
      record.settle(job, attempt);
      reviewsSince = kind === 'review' ? reviewsSince + 1 : 0;
      if (kind === 'problem') lastNewDay = CALENDAR.dayOf(at);
      else reviewed = [...reviewed, new Date(at).toISOString()].slice(-20);
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
      for (const task of tasks) if (task.problem_id === problem_id) task.open = false;
      topUp(at);
    },

    absence(from, to) {
      // No cron plans for a learner who is away, so what is open at the beginning is all that can expire.
      const open = tasks.filter((task) => task.open && !isOver(task, from));
      const expired = open.filter((task) => isOver(task, to));
      const left = open.filter((task) => !isOver(task, to));
      const offered = selectTasks({ ...input(to, left), catalogue: expired, wanted: expired.length });
      return { open: open.length, expired: expired.length, lost: expired.length - offered.length };
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
    solved: record.solved,
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
    // It plans nothing ahead.
    absence: () => ({ open: 0, expired: 0, lost: 0 }),
  };
}
