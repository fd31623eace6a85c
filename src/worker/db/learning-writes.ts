import type { ReviewLog, ReviewState } from '#contract/learning.ts';
import type { Task } from '#contract/tasks.ts';
import { dueDayOf } from '#domain/calendar.ts';
import type { LearningWrites } from '#domain/learning/decide.ts';
import type { Expected } from './guard.ts';
import { insertion, replacement } from './rows.ts';
import { mastery, moduleStates, reviewLog, reviewQueue } from './schema/index.ts';
import { type Statement, type Step, step } from './statement.ts';

const insertTopics = insertion(mastery);
const updateTopics = replacement(mastery, ['user_id', 'topic']);
const insertLevel = insertion(moduleStates);
const updateLevel = replacement(moduleStates, ['path_id', 'module']);
const insertCard = insertion(reviewQueue);
const updateCard = replacement(reviewQueue, ['user_id', 'problem_id']);
const insertReview = insertion(reviewLog, ['id', 'undone_at']);

/** The versions that the rows must still have when what was learnt is written. */
export function versionsSeen(
  { mastery: topics, module: level, card }: LearningWrites,
  { problem_id }: Pick<Task, 'problem_id'>,
): Pick<Expected, 'topics' | 'level' | 'card'> {
  return {
    topics: Object.fromEntries(topics.map(({ topic, seen }) => [topic, seen])),
    ...(level === null ? {} : { level: { module: level.module, version: level.seen } }),
    ...(card === null ? {} : { card: { problem_id, version: card.seen } }),
  };
}

type Row = Record<string, unknown> & { version: number };

/** One statement for the rows that are there and one for those that are not; a row begins with version 1. */
function written(
  [insert, update]: [Statement<{ rows: string }, never>, Statement<{ rows: string }, never>],
  rows: readonly Row[],
): Step<never>[] {
  const [added, changed] = [
    rows.filter(({ version }) => version === 1),
    rows.filter(({ version }) => version > 1),
  ];
  return [
    ...(added.length === 0 ? [] : [step(insert, { rows: JSON.stringify(added) })]),
    ...(changed.length === 0 ? [] : [step(update, { rows: JSON.stringify(changed) })]),
  ];
}

type About = Pick<Task, 'id' | 'path_id' | 'problem_id' | 'module' | 'topic_tags' | 'difficulty'>;
type Card = { state: ReviewState; task_id: string | null; rule_version: number; version: number };

/** Writes a problem's card, which from now on belongs to the path of this task. */
export function cardStep(
  learner: string,
  { path_id, problem_id, module, topic_tags, difficulty }: About,
  card: Card,
  how: 'insert' | 'update',
  now: string,
): Step<never> {
  const about = { user_id: learner, problem_id, path_id, module, topic_tags, difficulty };
  const rows = [{ ...about, ...card, due_day: dueDayOf(card.state), updated_at: now }];
  return step(how === 'insert' ? insertCard : updateCard, { rows: JSON.stringify(rows) });
}

/** Adds a review to the log of the task's problem. */
export function reviewStep(
  learner: string,
  { id: task_id, problem_id }: About,
  { seq, log }: { seq: number; log: ReviewLog },
  now: string,
): Step<never> {
  const row = { user_id: learner, problem_id, task_id, seq, log, created_at: now };
  return step(insertReview, { rows: JSON.stringify([row]) });
}

/** Writes what a result of the task taught its learner: mastery, the module's level, the card and the review. */
export function learningSteps(
  { mastery: topics, module: level, card }: LearningWrites,
  learner: string,
  task: About,
  now: string,
): Step<never>[] {
  const { path_id } = task;
  const row = ({ seen, version: rule_version, ...state }: { seen: number; version: number }) => ({
    ...state,
    rule_version,
    version: seen + 1,
    updated_at: now,
  });
  return [
    ...written(
      [insertTopics, updateTopics],
      topics.map((topic) => ({ user_id: learner, ...row(topic) })),
    ),
    ...written([insertLevel, updateLevel], level === null ? [] : [{ path_id, ...row(level) }]),
    ...(card === null ? [] : gradedSteps(card, learner, task, now)),
  ];
}

function gradedSteps(
  { seen, state, task_id, review, log }: NonNullable<LearningWrites['card']>,
  learner: string,
  task: About,
  now: string,
): Step<never>[] {
  const card = { state, task_id, rule_version: log.rule_version, version: seen + 1 };
  return [
    cardStep(learner, task, card, seen === 0 ? 'insert' : 'update', now),
    reviewStep(learner, task, { seq: review, log }, now),
  ];
}
