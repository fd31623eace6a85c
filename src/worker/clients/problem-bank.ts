import type { Problem, ProblemBundle, ProblemSummary } from '#contract/problem-bank.ts';
import type { Module } from '#contract/vocabulary.ts';

/** Choice of problems: any of the values of each list, all lists together; an absent list allows everything. */
export type ProblemFilter = {
  modules?: readonly Module[];
  difficulties?: readonly number[];
  tags?: readonly string[];
  /** Largest number of summaries wanted. */
  limit?: number;
};

/** Port to the problem bank. Null or an absent key means that the bank does not know the problem. */
export type ProblemBank = {
  /** @throws UpstreamError when the bank fails and no copy of the last 24 h is at hand. */
  get(problemId: string, requestId: string): Promise<Problem | null>;
  /** Hidden tests and hints; for judging and tutoring only. @throws UpstreamError; a copy serves for 10 minutes. */
  bundle(problemId: string, requestId: string): Promise<ProblemBundle | null>;
  /** In the bank's order. @throws UpstreamError as `get`. */
  list(filter: ProblemFilter, requestId: string): Promise<ProblemSummary[]>;
  /** Number of problems in each of the 14 modules, 0 included. @throws UpstreamError as `get`. */
  moduleSizes(requestId: string): Promise<Record<Module, number>>;
  /** Summaries of the problems that exist, by id. @throws UpstreamError as `get`. */
  getMany(problemIds: readonly string[], requestId: string): Promise<Map<string, ProblemSummary>>;
};
