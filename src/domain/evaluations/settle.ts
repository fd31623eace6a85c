import * as z from 'zod';
import type { VisibleTestResult } from '#contract/evaluator.ts';
import type { TaskFact } from '#contract/events.ts';
import { PathConfig } from '#contract/paths.ts';
import type { Evaluation, HiddenTests } from '#contract/submissions.ts';
import type { Task } from '#contract/tasks.ts';
import { isResult, type Verdict } from '#contract/vocabulary.ts';
import { taskChange } from '../tasks/evolve.ts';

/** Version of the rules below; part of every `evaluated` event that they caused. 1 took a CE for a result. */
const RULE_VERSION = 2;

/** Hours after which a submission that could not be judged is given up. */
export const GIVE_UP_HOURS = 24;
/** Faults of a judge that was there, after which a submission is given up: the next try would end like these. */
export const MOST_JUDGE_FAULTS = 3;

/** What completion depends on in the config of a path; keys that were never set count as their defaults. */
export const CompletionRules = z.object({
  completion: PathConfig.shape.completion,
  idle_cap_minutes: PathConfig.shape.idle_cap_minutes,
});
export type CompletionRules = z.infer<typeof CompletionRules>;

/** The part of a task that a result can change or depends on. */
export type SettleState = Pick<
  Task,
  | 'status'
  | 'version'
  | 'score'
  | 'metadata'
  | 'started_at'
  | 'completed_at'
  | 'completed_day'
  | 'time_spent_seconds'
  | 'attempts'
  | 'pending_evaluations'
>;

/** The judging that a result belongs to; `submitted_at` and `day` are when the learner sent the code, also in a later run. */
export type Judging = Pick<Evaluation, 'id' | 'submission_id' | 'attempt' | 'run'> & {
  submitted_at: string;
  day: string;
  /** Active seconds as the client measured them. */
  reported_seconds: number | null;
  /** Verdict of the submission's judging before this run; null for the first one. */
  prior_verdict: Verdict | null;
  /** Whether the learner had a result of the problem before the task had one. */
  repeat: boolean;
};

/** A judging to believe; `passed` of `total` tests, visible and hidden ones. */
export type Judged = {
  verdict: Verdict;
  passed: number;
  total: number;
  runtime_ms: number;
  memory_mb: number;
  error_message: string | null;
  tests: VisibleTestResult[];
  hidden: HiddenTests;
  content_hash: string;
  tests_hash: string;
  engine: string;
};

/** The events of a judging, in order, and the task's columns after them, as a replay of the log makes them too. */
export type Settlement = { events: TaskFact[] } & Pick<
  SettleState,
  | 'status'
  | 'score'
  | 'completed_at'
  | 'completed_day'
  | 'time_spent_seconds'
  | 'metadata'
  | 'pending_evaluations'
>;

/** Passed over total, 0 to 1; success is 1. */
export function scoreOf({ passed, total }: Pick<Judged, 'passed' | 'total'>): number {
  return passed / total;
}

/**
 * What a judging does to its task. A result keeps the best and the first score, replaces the summary of the one before,
 * and completes a task in progress as its path's `completion` says. No other status changes: a completed task stays
 * completed, a skipped or expired one only records the result. A CE is counted, and that is all.
 */
export function decideSettlement(
  state: SettleState,
  rules: CompletionRules,
  judging: Judging,
  judged: Judged,
  now: string,
): Settlement {
  const score = scoreOf(judged);
  const result = isResult(judged.verdict);
  const evaluated: TaskFact = {
    event_type: 'evaluated',
    schema_version: 1,
    payload: {
      evaluation_id: judging.id,
      submission_id: judging.submission_id,
      attempt: judging.attempt,
      run: judging.run,
      verdict: judged.verdict,
      test_cases_passed: judged.passed,
      test_cases_total: judged.total,
      score,
      runtime_ms: judged.runtime_ms,
      memory_mb: judged.memory_mb,
      hidden: judged.hidden,
      content_hash: judged.content_hash,
      engine: judged.engine,
      best_score: result ? Math.max(score, state.score ?? 0) : state.score,
      first_score: firstScore(state) ?? (result ? score : null),
      ...(result && judging.repeat && firstScore(state) === null ? { repeat: true } : {}),
      compile_errors: compileErrors(state, judging, judged),
      rule_version: RULE_VERSION,
    },
  };
  const passes = score === 1 || rules.completion === 'first_attempt';
  if (!result || !passes || state.status !== 'in_progress') return settlementOf(state, [evaluated]);
  const time_spent_seconds = timeSpent(state.started_at, judging, rules);
  const completed: TaskFact = {
    event_type: 'status_changed',
    schema_version: 1,
    payload: {
      from: 'in_progress',
      to: 'completed',
      at: now,
      reason: null,
      time_spent_seconds,
      day: judging.day,
    },
  };
  return settlementOf(state, [evaluated, completed]);
}

/** Submissions whose newest judging is a CE; another run of one may turn it into a result, or back. */
function compileErrors(
  { metadata }: Pick<SettleState, 'metadata'>,
  { prior_verdict }: Pick<Judging, 'prior_verdict'>,
  { verdict }: Pick<Judged, 'verdict'>,
): number {
  const before = typeof metadata.compile_errors === 'number' ? metadata.compile_errors : 0;
  const change = Number(verdict === 'CE') - Number(prior_verdict === 'CE');
  // A CE of before rule version 2 was not counted.
  return Math.max(0, before + change);
}

function settlementOf(state: SettleState, events: TaskFact[]): Settlement {
  let after = state;
  for (const fact of events) after = { ...after, ...taskChange(after, fact) };
  const { status, score, completed_at, completed_day } = after;
  const { time_spent_seconds, metadata, pending_evaluations } = after;
  const times = { completed_at, completed_day, time_spent_seconds };
  return { events, status, score, ...times, metadata, pending_evaluations };
}

/**
 * Whole seconds from the start to the submission, at most the path's idle cap and what the client reported; clocks of
 * two machines may differ, so never below 0. Null for a task without a start.
 */
export function timeSpent(
  startedAt: string | null,
  { submitted_at, reported_seconds }: Pick<Judging, 'submitted_at' | 'reported_seconds'>,
  { idle_cap_minutes }: Pick<CompletionRules, 'idle_cap_minutes'>,
): number | null {
  if (startedAt === null) return null;
  const measured = Math.max(0, Math.floor((Date.parse(submitted_at) - Date.parse(startedAt)) / 1000));
  return Math.min(measured, idle_cap_minutes * 60, reported_seconds ?? measured);
}

function firstScore({ metadata }: Pick<SettleState, 'metadata'>): number | null {
  return typeof metadata.first_score === 'number' ? metadata.first_score : null;
}
