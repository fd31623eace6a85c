import * as z from 'zod';
import type { TaskFact } from '#contract/events.ts';
import type { DifficultyState, MasteryState, ReviewLog, ReviewState } from '#contract/learning.ts';
import { PathConfig } from '#contract/paths.ts';
import type { Task } from '#contract/tasks.ts';
import { Module } from '#contract/vocabulary.ts';
import { lastDayOf } from '../calendar.ts';
import { REVIEW_RULE_VERSION, type ReviewMoment, review, reviewParams } from '../reviews/fsrs.ts';
import { feedsReviews, gradeFromEvidence, wholeReview } from '../reviews/spread.ts';
import { DIFFICULTY_RULE_VERSION, startingDifficulty, stepDifficulty } from './difficulty.ts';
import { isMet, type LearnerFacts, type LearningFacts, stateOf } from './facts.ts';
import { applyFailedReview, applyFirstAttempt, MASTERY_RULE_VERSION } from './mastery.ts';

/** A result of a task. */
export type Attempt = {
  /** Results of the task before this one. */
  judgedBefore: number;
  /** Passed over total tests, 0 to 1. */
  score: number;
  secondsSpent: number | null;
  /** Of the problem; null when nobody estimated them, or the bank cannot be asked. */
  expectedMinutes: number | null;
};

/** Rows to write, each with the version that it must still have; 0 for one that there is not yet. */
export type LearningWrites = {
  mastery: ({ topic: string; seen: number } & MasteryState)[];
  module: ({ module: Module; seen: number } & DifficultyState) | null;
  /** `task_id`: the review task that is ready after it. */
  card: { seen: number; state: ReviewState; review: number; log: ReviewLog; task_id: string | null } | null;
};

export type LearningChange = { events: TaskFact[]; writes: LearningWrites };

export const NO_CHANGE: LearningChange = { events: [], writes: { mastery: [], module: null, card: null } };

/** What a result depends on in the config of a path, beside choosing tasks. */
const ReviewConfig = z.object({ desired_retention: PathConfig.shape.desired_retention });
type ReviewConfig = z.infer<typeof ReviewConfig>;

type LearntTask = Pick<
  Task,
  'id' | 'kind' | 'problem_id' | 'module' | 'topic_tags' | 'difficulty' | 'hints_used'
>;

/** The learner's mastery as the rules take it. */
export function masteryOf(path: Pick<LearnerFacts, 'mastery'>): Map<string, MasteryState> {
  return new Map(Object.entries(path.mastery).map(([topic, row]) => [topic, stateOf<MasteryState>(row)]));
}

/**
 * What a result teaches. Only the first one of a task counts. The learner's first result of a problem, over all paths
 * and tasks, feeds mastery of its topics and the difficulty of its module. The first result of a day grades the
 * problem's review card; as a failed review it demotes the topics.
 * @param config of the path, as stored.
 * @param moment when the code was sent, by the learner's day.
 */
export function decideLearning(
  facts: LearningFacts,
  config: unknown,
  task: LearntTask,
  attempt: Attempt,
  moment: ReviewMoment,
): LearningChange {
  if (!feedsReviews(task.kind, attempt.judgedBefore)) return NO_CHANGE;
  const rules = ReviewConfig.parse(config);
  const isFirst = !isMet(facts.path.problems, task.problem_id);
  // Worked on again on the day of its last review, a problem is still in short-term memory.
  const isReview = facts.card === null || moment.day > lastDayOf(facts.card.state);
  const level = isFirst ? difficultyChange(facts, task, attempt) : NOTHING;
  const demotes = isReview && task.kind === 'review' && attempt.score < 1;
  const changes = [
    isFirst || demotes ? masteryChange(facts, task, attempt, isFirst, level.writes.module ?? null) : NOTHING,
    level,
    isReview ? reviewChange(facts, rules, task, attempt, moment) : NOTHING,
  ];
  return {
    events: changes.flatMap(({ events }) => events),
    writes: Object.assign({}, NO_CHANGE.writes, ...changes.map(({ writes }) => writes)) as LearningWrites,
  };
}

type Part = { events: TaskFact[]; writes: Partial<LearningWrites> };
const NOTHING: Part = { events: [], writes: {} };

function masteryChange(
  { path }: LearningFacts,
  task: LearntTask,
  { score }: Attempt,
  isFirst: boolean,
  level: LearningWrites['module'],
): Part {
  const known = masteryOf(path);
  const topics = [...new Set([task.module, ...task.topic_tags])];
  const states = isFirst
    ? applyFirstAttempt(topics, known, task.difficulty, score)
    : applyFailedReview(topics, known, task.difficulty);
  if (states.size === 0) return NOTHING;
  const changes = [...states].map(([topic, { rating, n, reason }]) => {
    const rating_before = known.get(topic)?.rating ?? null;
    return { topic, rating_before, rating, n, reason, version: (path.mastery[topic]?.version ?? 0) + 1 };
  });
  return {
    events: [
      {
        event_type: 'mastery_changed',
        schema_version: 1,
        payload: {
          changes,
          rule_version: MASTERY_RULE_VERSION,
          level: level === null ? null : levelAfter(level),
        },
      },
    ],
    writes: {
      mastery: [...states].map(([topic, state]) => ({
        topic,
        seen: path.mastery[topic]?.version ?? 0,
        ...state,
      })),
    },
  };
}

/** The row of a module's state as it will be written, for the event. */
function levelAfter({ seen, version, difficulty, successes, reason }: NonNullable<LearningWrites['module']>) {
  return { difficulty, successes, reason, rule_version: version, version: seen + 1 };
}

function difficultyChange({ path }: LearningFacts, { module }: LearntTask, { score }: Attempt): Part {
  const row = path.modules[module];
  const mastery = masteryOf(path);
  const before =
    row === undefined
      ? startingDifficulty(Module.options.flatMap((name) => mastery.get(name) ?? []))
      : stateOf<DifficultyState>(row);
  const after = stepDifficulty(before, score);
  const [from, to] = [before.difficulty, after.difficulty];
  const payload = { module, from, to, reason: after.reason, rule_version: DIFFICULTY_RULE_VERSION };
  return {
    events: from === to ? [] : [{ event_type: 'difficulty_changed', schema_version: 1, payload }],
    writes: { module: { module, seen: row?.version ?? 0, ...after } },
  };
}

function reviewChange(
  { card, reviews }: LearningFacts,
  { desired_retention: retention }: ReviewConfig,
  task: LearntTask,
  { score, secondsSpent, expectedMinutes }: Attempt,
  moment: ReviewMoment,
): Part {
  const { problem_id, hints_used: hintsUsed } = task;
  const repeat = card !== null;
  const evidence = { passed: score === 1, hintsUsed, attempt: 1, secondsSpent, expectedMinutes, repeat };
  const grade = gradeFromEvidence(evidence);
  // Results are dated by two machines; a card cannot be reviewed before its last review.
  const last = card?.state.last_review ?? moment.at;
  const at = Date.parse(moment.at) < Date.parse(last) ? last : moment.at;
  const { state, log } = review(card?.state ?? null, grade, { ...moment, at }, reviewParams(retention));
  const source = log.source;
  const task_id = card === null || card.task_id === task.id ? null : card.task_id;
  return {
    events: [
      {
        event_type: 'graded',
        schema_version: 1,
        payload: {
          problem_id,
          review: reviews + 1,
          grade,
          source,
          ...state,
          ...wholeReview(log),
          card_version: (card?.version ?? 0) + 1,
          ready_task_id: task_id,
          rule_version: REVIEW_RULE_VERSION,
        },
      },
    ],
    writes: { card: { seen: card?.version ?? 0, state, review: reviews + 1, log, task_id } },
  };
}
