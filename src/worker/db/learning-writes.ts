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

/** Writes what a result of the task taught its learner: mastery, the module's level, the card and the review. */
export function learningSteps(
  { mastery: topics, module: level, card }: LearningWrites,
  learner: string,
  task: Pick<Task, 'id' | 'path_id' | 'problem_id' | 'module' | 'topic_tags' | 'difficulty'>,
  now: string,
): Step<never>[] {
  const user_id = learner;
  const row = ({ seen, version: rule_version, ...state }: { seen: number; version: number }) => ({
    ...state,
    rule_version,
    version: seen + 1,
    updated_at: now,
  });
  const { id: task_id, path_id, problem_id, module, topic_tags, difficulty } = task;
  const about = { user_id, problem_id, path_id, module, topic_tags, difficulty };
  return [
    ...written(
      [insertTopics, updateTopics],
      topics.map((topic) => ({ user_id, ...row(topic) })),
    ),
    ...written([insertLevel, updateLevel], level === null ? [] : [{ path_id, ...row(level) }]),
    ...(card === null
      ? []
      : [
          ...written(
            [insertCard, updateCard],
            [
              {
                ...about,
                due_day: dueDayOf(card.state),
                state: card.state,
                task_id: card.task_id,
                rule_version: card.log.rule_version,
                version: card.seen + 1,
                updated_at: now,
              },
            ],
          ),
          step(insertReview, {
            rows: JSON.stringify([
              { user_id, problem_id, task_id, seq: card.review, log: card.log, created_at: now },
            ]),
          }),
        ]),
  ];
}
