import * as z from 'zod';
import { Problem } from './problem-bank.ts';
import { Language, Verdict } from './vocabulary.ts';

/**
 * `POST /v1/hints` of the tutor service; answers `text/event-stream`: `event: delta` with `{"text"}` any number of
 * times, then `event: done` with `{"level", "outcome"}`, or `event: error` with `{"code", "message"}`. It never carries a hidden test, its input or its verdict.
 */
export const TutorRequest = z.object({
  request_id: z.string(),
  problem: Problem,
  /** The problem's hints from vague to concrete; the tutor gives away the one at `level`. */
  hint_ladder: z.array(z.string()),
  /** Rung of the ladder wanted, from 1; beyond the last rung the last one is repeated in other words. */
  level: z.int().min(1).max(20),
  question: z.string().nullable(),
  language: Language.nullable(),
  code: z.string().nullable(),
  attempts: z.array(
    z.object({
      attempt: z.int().min(1),
      language: Language,
      verdict: Verdict.nullable(),
      visible_passed: z.int().min(0),
      visible_total: z.int().min(0),
      at: z.iso.datetime(),
    }),
  ),
  /** Levels of hints given before in this task, oldest first. */
  earlier_hints: z.array(z.object({ level: z.int().min(1), at: z.iso.datetime() })),
});
export type TutorRequest = z.infer<typeof TutorRequest>;
