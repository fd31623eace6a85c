import * as z from 'zod';
import type { DifficultyState, MasteryState } from '#contract/learning.ts';
import { PathConfig } from '#contract/paths.ts';
import type { ProblemSummary } from '#contract/problem-bank.ts';
import type { Task } from '#contract/tasks.ts';
import { Module } from '#contract/vocabulary.ts';
import { calendarOfRule, dueDayOf, STANDARD_CALENDAR } from '../calendar.ts';
import type { TaskSeed } from '../tasks/batch.ts';
import { type LearningWrites, masteryOf } from './decide.ts';
import {
  type LearnerFacts,
  type LearningFacts,
  type PathFacts,
  type ProblemFacts,
  stateOf,
} from './facts.ts';
import { type SelectedTask, selectTasks } from './selection.ts';
import { type History, SelectionConfig, type SelectionInput } from './selection-input.ts';

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

type Path = Pick<PathFacts, 'modules' | 'tasks'> & LearnerFacts;

/** The problem facts of a path whose open tasks are these: an open task is a chance of its own. */
function historyOf(problems: ProblemFacts, open: ReadonlySet<string>): History {
  const solved = new Set(Object.values(problems.solved).flat());
  const attempted = problems.attempted.filter(({ problem_id }) => !open.has(problem_id));
  const tried = new Set(attempted.map(({ problem_id }) => problem_id));
  const skipped = problems.skipped.filter((id) => !open.has(id) && !solved.has(id) && !tried.has(id));
  return { solved, attempted, skipped };
}

/** What the selection of a path's tasks takes; tasks of problems that have left the bank fill no place. */
export function selectionInput(
  path: Path,
  { config, catalogue, now }: Pick<PlanInput, 'config' | 'catalogue' | 'now'>,
): SelectionInput {
  const rules = PlanConfig.parse(config);
  const calendar = calendarOfRule(rules);
  const today = calendar.dayOf(Date.parse(now));
  const known = new Set(catalogue.map(({ problem_id }) => problem_id));
  const planned = path.tasks.filter(
    ({ problem_id, open, scheduled_at }) =>
      known.has(problem_id) && (open || calendar.dayOf(Date.parse(scheduled_at)) >= today),
  );
  const open = planned.filter((task) => task.open).map(({ problem_id }) => problem_id);
  return {
    config: rules,
    now,
    calendar,
    catalogue,
    history: historyOf(path.problems, new Set(open)),
    modules: new Map(
      Module.options.map((module) => {
        const row = path.modules[module];
        const difficulty = row === undefined ? null : stateOf<DifficultyState>(row);
        return [module, { solved: path.problems.solved[module]?.length ?? 0, difficulty }];
      }),
    ),
    mastery: masteryOf(path),
    planned,
    reviewsDue: path.due,
    reviewsDone: path.reviewed,
    wanted: Math.max(0, rules.horizon - open.length),
  };
}

/** A chosen task as it is inserted. */
export function seedOf(
  { reason, rule_version, retry_of, ...task }: SelectedTask,
  newId: () => string,
): TaskSeed {
  return {
    id: newId(),
    kind: 'problem',
    ...task,
    retry_of,
    metadata: {
      reason: reason.text,
      reason_code: reason.code,
      rule_version,
      ...(retry_of === null ? {} : { retry_of }),
    },
  };
}

/** The next tasks of a path up to its horizon, each with the reason why; none when it has as many open. */
export function planTasks(facts: Path, input: PlanInput): TaskSeed[] {
  return selectTasks(selectionInput(facts, input)).map((task) => seedOf(task, input.newId));
}

/** The problem facts after a result of a task. */
function afterResult(
  problems: ProblemFacts,
  { id, module, problem_id }: Pick<Task, 'id' | 'module' | 'problem_id'>,
  score: number,
): ProblemFacts {
  const { solved } = problems;
  const attempted = problems.attempted.filter((known) => known.problem_id !== problem_id);
  if (Object.values(solved).some((ids) => ids.includes(problem_id))) return problems;
  if (score === 1)
    return {
      ...problems,
      attempted,
      solved: { ...solved, [module]: [...(solved[module] ?? []), problem_id] },
    };
  return { ...problems, attempted: [...attempted, { problem_id, task_id: id }] };
}

/** The path after its task was completed with this best score and taught this. */
export function afterCompletion(
  { path, card }: LearningFacts,
  task: Pick<Task, 'id' | 'module' | 'problem_id'>,
  score: number,
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
    problems: afterResult(path.problems, task, score),
    tasks: path.tasks.map((known) => (known.id === task.id ? { ...known, open: false } : known)),
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
