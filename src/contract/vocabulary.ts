import * as z from 'zod';

/** The 14 modules of the Meta interview preparation track, in teaching order (system design, section 2). */
export const Module = z.enum([
  'introduction',
  'arrays-strings',
  'hashing',
  'linked-lists',
  'stacks-queues',
  'trees-graphs',
  'sorting-searching',
  'heaps',
  'greedy',
  'dynamic-programming',
  'recursion-backtracking',
  'bit-manipulation',
  'math-geometry',
  'design',
]);
export type Module = z.infer<typeof Module>;

/** Lifecycle of a task; the last three are terminal (decisions, section 3). */
export const TaskStatus = z.enum(['scheduled', 'in_progress', 'completed', 'skipped', 'expired']);
export type TaskStatus = z.infer<typeof TaskStatus>;

/** What came of a task's results: `solved` with a score of 1, `attempted` with any lower one; no result is neither. */
export const TaskResult = z.enum(['solved', 'attempted']);
export type TaskResult = z.infer<typeof TaskResult>;

/** The result of a task by its best score; null without one. */
export function resultOf(score: number | null): TaskResult | null {
  if (score === null) return null;
  return score === 1 ? 'solved' : 'attempted';
}

export const TaskKind = z.enum(['problem', 'review', 'lesson']);
export type TaskKind = z.infer<typeof TaskKind>;

/** Difficulty of a problem, 1 (easiest) to 5. */
export const Difficulty = z.int().min(1).max(5);
export type Difficulty = z.infer<typeof Difficulty>;

export const Language = z.enum(['python', 'javascript']);
export type Language = z.infer<typeof Language>;

/**
 * Verdict of a whole submission: accepted, wrong answer, time / memory / output limit exceeded, runtime error,
 * compile error, internal error. IE is a fault of the judge and is never charged to the learner.
 */
export const Verdict = z.enum(['AC', 'WA', 'TLE', 'MLE', 'OLE', 'RE', 'CE', 'IE']);
export type Verdict = z.infer<typeof Verdict>;

/**
 * Whether an evaluation with this verdict is a *result*: tests ran and it was the learner's program that they judged. CE
 * (syntax error, missing entry point) and IE are none.
 */
export function isResult(verdict: Verdict): boolean {
  return verdict !== 'CE' && verdict !== 'IE';
}

/** Verdict of one test; SK marks a test that was not run because an earlier one ended the run. */
export const TestVerdict = z.enum([...Verdict.options, 'SK']);
export type TestVerdict = z.infer<typeof TestVerdict>;

/** State of the judging process, apart from its verdict (decisions, section 5). */
export const EvaluationStatus = z.enum(['pending', 'evaluated', 'failed']);
export type EvaluationStatus = z.infer<typeof EvaluationStatus>;
