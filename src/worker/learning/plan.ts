import * as z from 'zod';
import type { DifficultyState, MasteryState } from '#contract/learning.ts';
import { PathConfig } from '#contract/paths.ts';
import type { ProblemSummary } from '#contract/problem-bank.ts';
import type { Task } from '#contract/tasks.ts';
import { Module } from '#contract/vocabulary.ts';
import { calendarOfRule, STANDARD_CALENDAR } from '#domain/calendar.ts';
import { dueDayOf } from '#domain/review-days.ts';
import type { TaskSeed } from '../tasks/domain.ts';
import { type LearningWrites, masteryOf } from './decide.ts';
import { type LearningFacts, type PathFacts, stateOf } from './facts.ts';
import { SelectionConfig, selectTasks } from './selection-rules.ts';

const PlanConfig = SelectionConfig.extend({
  horizon: PathConfig.shape.horizon,
  time_zone: z.string().default(STANDARD_CALENDAR.time_zone),
  day_start_hour: PathConfig.shape.day_start_hour,
});

export type PlanInput = {
  /** Of the path, as stored. */
  config: unknown;
  catalogue: readonly ProblemSummary[];
  /** RFC 3339. */
  now: string;
  newId: () => string;
};

/** The next tasks of a path up to its horizon, each with the reason why; none when it has as many open. */
export function planTasks(facts: PathFacts, { config, catalogue, now, newId }: PlanInput): TaskSeed[] {
  const rules = PlanConfig.parse(config);
  const wanted = rules.horizon - facts.tasks.filter(({ open }) => open).length;
  if (wanted <= 0) return [];
  const calendar = calendarOfRule(rules);
  const today = calendar.dayOf(Date.parse(now));
  const chosen = selectTasks({
    config: rules,
    now,
    calendar,
    catalogue,
    seen: new Set(facts.seen),
    modules: new Map(
      Module.options.map((module) => {
        const row = facts.modules[module];
        const difficulty = row === undefined ? null : stateOf<DifficultyState>(row);
        return [module, { completed: facts.completed[module] ?? 0, difficulty }];
      }),
    ),
    mastery: masteryOf(facts),
    planned: facts.tasks.filter(
      ({ open, scheduled_at }) => open || calendar.dayOf(Date.parse(scheduled_at)) >= today,
    ),
    reviewsDue: facts.due,
    wanted,
  });
  return chosen.map(({ reason, rule_version, ...task }) => ({
    id: newId(),
    kind: 'problem',
    ...task,
    retry_of: null,
    metadata: { reason: reason.text, reason_code: reason.code, rule_version },
  }));
}

/** The path after its task was completed and taught this. */
export function afterCompletion(
  { path, card, counted }: LearningFacts,
  { id, module }: Pick<Task, 'id' | 'module'>,
  writes: LearningWrites,
): PathFacts {
  const { mastery, module: level, card: graded } = writes;
  return {
    ...path,
    mastery: {
      ...path.mastery,
      ...Object.fromEntries(mastery.map((row) => [row.topic, rowOf<MasteryState>(row)])),
    },
    modules:
      level === null ? path.modules : { ...path.modules, [level.module]: rowOf<DifficultyState>(level) },
    completed: { ...path.completed, [module]: (path.completed[module] ?? 0) + (counted ? 0 : 1) },
    tasks: path.tasks.map((task) => (task.id === id ? { ...task, open: false } : task)),
    due:
      graded === null
        ? path.due
        : [...without(path.due, card === null ? undefined : dueDayOf(card.state)), dueDayOf(graded.state)],
  };
}

function rowOf<State extends { version: number }>(written: State & { seen: number }) {
  return { ...written, rule_version: written.version, version: written.seen + 1 };
}

function without(due: readonly string[], gone: string | undefined): string[] {
  const at = gone === undefined ? -1 : due.indexOf(gone);
  return at < 0 ? [...due] : due.toSpliced(at, 1);
}
