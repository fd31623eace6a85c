import * as z from 'zod';
import { VisibleTestResult } from './evaluator.ts';
import { Task } from './tasks.ts';
import { DayKey, Id, Timestamp, text } from './text.ts';
import { EvaluationStatus, Language, Verdict } from './vocabulary.ts';

/** Learner code: at most 64 KiB of characters (decisions, section 9). */
export const Code = text(65_536, 1);

/** Body of `POST .../submit`. */
export const Submit = z.strictObject({
  language: Language,
  code: Code,
  /** Active seconds as the client measured them; counts when smaller than the time since the start. */
  time_spent_seconds: z.int().min(0).max(86_400).optional(),
});
export type Submit = z.infer<typeof Submit>;

/** Body of `POST .../run`: the visible tests only, nothing is stored. */
export const Run = z.strictObject({ language: Language, code: Code });
export type Run = z.infer<typeof Run>;

/** Body of `POST .../evaluate`: judges that submission again, or re-drives the newest unfinished one. */
export const Evaluate = z.strictObject({ submission_id: Id.optional() }).prefault({});
export type Evaluate = z.infer<typeof Evaluate>;

/** Verdicts that one test can fail with. */
export const FailedVerdict = Verdict.exclude(['AC', 'CE', 'IE']);

/**
 * All that is said of hidden tests: how many passed, and which one failed first. `first_failed` is null when none that
 * ran failed; `passed` is then `total`, or no hidden test ran at all.
 */
export const HiddenTests = z.object({
  total: z.int().min(0),
  passed: z.int().min(0),
  first_failed: z.object({ number: z.int().min(1), verdict: FailedVerdict }).nullable(),
});
export type HiddenTests = z.infer<typeof HiddenTests>;

/** One judging of one submission. Nothing but `hidden` and the counts depends on the hidden tests. */
export const Evaluation = z.object({
  id: z.string(),
  submission_id: z.string(),
  /** Attempt at the task, from 1. */
  attempt: z.int().min(1),
  /** Judging of this submission, from 1; a re-evaluation is the next run. */
  run: z.int().min(1),
  language: Language,
  status: EvaluationStatus,
  verdict: Verdict.nullable(),
  test_cases_passed: z.int().min(0).nullable(),
  test_cases_total: z.int().min(0).nullable(),
  score: z.number().min(0).max(1).nullable(),
  /** CPU milliseconds of the visible tests together. */
  runtime_ms: z.number().min(0).nullable(),
  /** MiB: the most that a visible test took. */
  memory_mb: z.number().min(0).nullable(),
  error_message: z.string().nullable(),
  /** The visible tests. */
  tests: z.array(VisibleTestResult).nullable(),
  hidden: HiddenTests.nullable(),
  content_hash: z.string().nullable(),
  created_at: Timestamp,
  /** The learner's day on which the code was sent; null where days were not stored yet. */
  day: DayKey.nullable(),
  evaluated_at: Timestamp.nullable(),
});
export type Evaluation = z.infer<typeof Evaluation>;

/** Newest judging as kept in `metadata.evaluation` of the task. */
export const EvaluationSummary = Evaluation.pick({
  submission_id: true,
  verdict: true,
  test_cases_passed: true,
  test_cases_total: true,
  runtime_ms: true,
  memory_mb: true,
}).extend({ attempts: z.int().min(1) });
export type EvaluationSummary = z.infer<typeof EvaluationSummary>;

/** Answer of a run on the visible tests. */
export const RunResult = Evaluation.pick({
  verdict: true,
  test_cases_passed: true,
  test_cases_total: true,
  runtime_ms: true,
  memory_mb: true,
  error_message: true,
  tests: true,
});
export type RunResult = z.infer<typeof RunResult>;

/** Answer of a submission and of judging it again: the judging, and the task as it is after it. */
export const Judged = z.object({ evaluation: Evaluation, task: Task });
export type Judged = z.infer<typeof Judged>;
