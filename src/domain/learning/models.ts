import type { TaskFact } from '#contract/events.ts';
import type { MasteryState, ReviewGrade, ReviewState } from '#contract/learning.ts';
import type { Task } from '#contract/tasks.ts';
import { calendarOfRule, lastDayOf, STANDARD_CALENDAR } from '../calendar.ts';
import { review, reviewParams } from '../reviews/fsrs.ts';
import {
  applyFailedReview,
  applyFirstAttempt,
  MASTERY_RULE_VERSION,
  type MasteryRules,
  stepSize,
} from './mastery.ts';

/** A version of the rules by which results become mastery and dates of reviews. */
export type Model = { mastery: MasteryRules; longestDays: number };

/** The version that decides for the live product. */
export const LIVE_MODEL = 'v3';

/**
 * `v3` decides for the live product. `v1` did so before it: no rating moved by less than 24 points at the end, too slow for
 * learners who improve. `v2` is a candidate that decides nothing: ratings settle twice as fast (b = 0.1 in the uncertainty
 * function of Pelánek 2016, so 116 Elo points after 5 first attempts instead of 10) but never below 32 points, and nothing
 * rests longer than half a year.
 */
export const MODELS: Readonly<Record<string, Model>> = {
  v1: {
    mastery: { version: 1, step: (n) => Math.max(24, 400 / Math.LN10 / (1 + 0.05 * n)) },
    longestDays: 365,
  },
  v2: {
    mastery: { version: 2, step: (n) => Math.max(32, 400 / Math.LN10 / (1 + 0.1 * n)) },
    longestDays: 180,
  },
  [LIVE_MODEL]: { mastery: { version: MASTERY_RULE_VERSION, step: stepSize }, longestDays: 365 },
};

type Attempt = {
  what: 'first-attempt' | 'failed-review';
  topics: string[];
  difficulty: Task['difficulty'];
  score: number;
};
type Review = {
  what: 'review';
  task: string;
  problem: string;
  grade: ReviewGrade;
  at: string;
  day: string;
  retention: number;
};
type Undo = { what: 'undo'; task: string; problem: string };
type Shown = Attempt | Review | Undo;

/** What a result showed, before any rule made something of it, in the order of all events. */
export type Evidence =
  | ({ position: number } & Attempt)
  | ({ position: number } & Review)
  | ({ position: number } & Undo);

/** What an event shows of its learner, whatever rules decided then; null for one that shows nothing. */
export function evidenceOf(task: Task, fact: TaskFact): Shown | null {
  const { id, problem_id: problem, difficulty } = task;
  switch (fact.event_type) {
    case 'mastery_changed': {
      const topics = [...new Set([task.module, ...task.topic_tags])];
      const failed = fact.payload.changes.some(({ reason }) => reason === 'review-failed');
      const what = failed ? 'failed-review' : 'first-attempt';
      return { what, topics, difficulty, score: Number(task.metadata.first_score ?? 0) };
    }
    case 'graded': {
      const { grade, last_review: at, params } = fact.payload;
      const retention = params.request_retention;
      const when = { at, day: lastDayOf(fact.payload) };
      return { what: 'review', task: id, problem, grade, ...when, retention };
    }
    case 'grade_undone':
      return { what: 'undo', task: id, problem };
    default:
      return null;
  }
}

function cardOf(reviews: readonly Review[], longestDays: number): ReviewState | null {
  let state: ReviewState | null = null;
  const calendar = calendarOfRule(STANDARD_CALENDAR);
  for (const { grade, at, day, retention } of reviews) {
    const params = { ...reviewParams(retention), maximum_interval: longestDays };
    state = review(state, grade, { at, day, calendar }, params).state;
  }
  return state;
}

/** Without the newest review that is this task's. */
function without(reviews: readonly Review[] = [], task: string): Review[] {
  const last = reviews.findLastIndex((known) => known.task === task);
  return reviews.filter((_, index) => index !== last);
}

/** What a model would make of the evidence: mastery by topic, and cards by problem. */
export function remodel(
  evidence: readonly Evidence[],
  { mastery: rules, longestDays }: Model,
): { mastery: Map<string, MasteryState>; cards: Map<string, ReviewState> } {
  const mastery = new Map<string, MasteryState>();
  const reviews = new Map<string, Review[]>();
  for (const shown of evidence.toSorted((a, b) => a.position - b.position)) {
    switch (shown.what) {
      case 'first-attempt':
      case 'failed-review': {
        const { what, topics, difficulty, score } = shown;
        const states =
          what === 'first-attempt'
            ? applyFirstAttempt(topics, mastery, difficulty, score, rules)
            : applyFailedReview(topics, mastery, difficulty, rules);
        for (const [topic, state] of states) mastery.set(topic, state);
        break;
      }
      case 'undo':
        reviews.set(shown.problem, without(reviews.get(shown.problem), shown.task));
        break;
      case 'review': {
        // A task has one review that counts: another grade takes the place of the one before.
        reviews.set(shown.problem, [...without(reviews.get(shown.problem), shown.task), shown]);
      }
    }
  }
  const cards = [...reviews].flatMap(([problem, list]): [string, ReviewState][] => {
    const card = cardOf(list, longestDays);
    return card === null ? [] : [[problem, card]];
  });
  return { mastery, cards: new Map(cards) };
}
