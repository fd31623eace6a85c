import type * as z from 'zod';
import type { ProblemRecord } from '#contract/problem-bank.ts';

/** A problem as its author writes it: fields with defaults may be left out. */
export type ProblemInput = z.input<typeof ProblemRecord>;
