import * as z from 'zod';
import { Difficulty, Language, Module } from './vocabulary.ts';

/** Identifier of a problem in the bank: 1-100 characters. */
export const ProblemId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/);
export type ProblemId = z.infer<typeof ProblemId>;

/** Any JSON value; bounded by the size caps of whoever reads it. */
export const Json = z.json();
export type Json = z.infer<typeof Json>;

/** One test of a function-style problem: positional arguments and the value that the call must give. */
export const ProblemTest = z.object({
  /**
   * A whole number written as a float (3.0, 1e3) travels as `{"$t": "float", "v": "3.0"}` in records and bundles, at any
   * depth, and the judge hands the program a float; learners are shown the plain number. The key `$t` has no other use
   * here. `expected` needs no tag: numbers are compared by value.
   */
  args: z.array(Json),
  expected: Json,
  origin: z.enum(['source', 'derived', 'generated']).optional(),
});
export type ProblemTest = z.infer<typeof ProblemTest>;

/**
 * How an answer is compared with the expected value.
 * `exact`: numbers equal by value (2 == 2.0), booleans are not numbers. `approx-1e-6`: relative or absolute error
 * 1e-6 on numbers that are not both integers. `unordered`: multiset at the top level; `unordered_deep`: at every
 * level; `set`: duplicates ignored; `any_of`: `expected` is a list of valid answers.
 */
export const Comparison = z.enum(['exact', 'approx-1e-6', 'unordered', 'unordered_deep', 'set', 'any_of']);
export type Comparison = z.infer<typeof Comparison>;

/**
 * Types that JSON cannot carry. `arg_types[i]` / `return_type` name a linked list or a binary tree (level order with
 * null for a missing child), null anything else; `inplace: k` judges argument k after the call instead of the result.
 */
export const Signature = z.object({
  arg_types: z.array(z.enum(['ListNode', 'TreeNode']).nullable()).optional(),
  return_type: z.enum(['ListNode', 'TreeNode']).nullable().optional(),
  inplace: z.int().min(0).max(15).nullable().optional(),
});
export type Signature = z.infer<typeof Signature>;

/** Source text per language; a problem need not have every language. */
const PerLanguage = z.partialRecord(Language, z.string().max(65_536));

/** One line of a bank file (JSONL): everything that is known of a problem, hidden tests and references included. */
export const ProblemRecord = z.object({
  problem_id: ProblemId,
  title: z.string().min(1).max(200),
  statement: z.string().min(1).max(65_536),
  module: Module,
  topic_tags: z.array(z.string().min(1).max(60)).max(40),
  difficulty: Difficulty,
  entry_point: z.string().regex(/^[A-Za-z_$][\w$]{0,99}$/),
  params: z.array(z.string()),
  languages: z.array(Language).min(1),
  starter_code: PerLanguage,
  visible_tests: z.array(ProblemTest).min(1).max(20),
  hidden_tests: z.array(ProblemTest).max(180),
  comparison: Comparison,
  signature: Signature.nullable().default(null),
  hints: z.array(z.string().min(1)).max(10).default([]),
  /** Minutes an average learner needs; null when nobody has estimated it. */
  expected_minutes: z.int().min(1).max(240).nullable().default(null),
  reference_solution: PerLanguage.nullable().default(null),
  source: z.string().default('study-paths'),
  source_ref: z.string().nullable().default(null),
  licence: z.string().default('MIT'),
  attribution: z.string().nullable().default(null),
  notes: z.array(z.string()).default([]),
  equivalence_group: z.string().nullable().default(null),
});
export type ProblemRecord = z.infer<typeof ProblemRecord>;

/** What a learner may know of a problem: everything but hidden tests, hints and references. */
export const Problem = ProblemRecord.omit({
  hidden_tests: true,
  hints: true,
  reference_solution: true,
  notes: true,
  equivalence_group: true,
}).extend({
  hidden_test_count: z.int().min(0),
  hint_count: z.int().min(0),
  /** SHA-256 (hex) over the whole record: pins an evaluation to the problem as it was. */
  content_hash: z.string(),
});
export type Problem = z.infer<typeof Problem>;

/** A row of the catalogue: what choosing a problem needs. */
export const ProblemSummary = Problem.pick({
  problem_id: true,
  title: true,
  module: true,
  topic_tags: true,
  difficulty: true,
  languages: true,
  expected_minutes: true,
  content_hash: true,
}).extend({
  /** Problems of one group ask for the same function in other words: whoever met one has met all. */
  equivalence_group: z.string().nullable().optional(),
});
export type ProblemSummary = z.infer<typeof ProblemSummary>;

/** `GET /v1/problems`: filters may repeat (any of); `limit` 1-500; `cursor` from the page before. */
export const ProblemPage = z.object({ data: z.array(ProblemSummary), next_cursor: z.string().nullable() });
export type ProblemPage = z.infer<typeof ProblemPage>;

/** `GET /v1/modules`: how many problems the bank holds in each module. */
export const ModuleSizes = z.object({
  data: z.array(z.object({ module: Module, problems: z.int().min(0) })),
});
export type ModuleSizes = z.infer<typeof ModuleSizes>;

/**
 * `GET /internal/v1/problems/{id}/bundle` (service key only): what judging and tutoring need beside the public
 * problem. Tests are numbered from 1, visible ones first.
 */
export const ProblemBundle = z.object({
  problem_id: ProblemId,
  content_hash: z.string(),
  /** SHA-256 (hex) over tests, comparison and signature. */
  tests_hash: z.string(),
  entry_point: z.string(),
  comparison: Comparison,
  signature: Signature.nullable(),
  languages: z.array(Language),
  hints: z.array(z.string()),
  tests: z.array(
    z.object({ number: z.int().min(1), hidden: z.boolean(), args: z.array(Json), expected: Json }),
  ),
});
export type ProblemBundle = z.infer<typeof ProblemBundle>;
