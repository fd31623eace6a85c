import type { ProblemInput } from './problem-input.ts';

/** The problems that ship with this program, by module in teaching order. */
export const ownProblems: readonly ProblemInput[] = [];
