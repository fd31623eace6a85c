import * as z from 'zod';
import { ProblemId } from '#contract/problem-bank.ts';
import { Difficulty, Module } from '#contract/vocabulary.ts';
import type { Position, ProblemQuery } from './catalogue.ts';

const CursorContent = z.tuple([Module, Difficulty, ProblemId]);

/** Cursor for the page after a position; opaque to clients. */
export function encodeCursor({ module, difficulty, problem_id }: Position): string {
  return Buffer.from(JSON.stringify([module, difficulty, problem_id])).toString('base64url');
}

function decodeCursor(cursor: string, context: z.RefinementCtx): Position {
  try {
    const [module, difficulty, problem_id] = CursorContent.parse(
      JSON.parse(Buffer.from(cursor, 'base64url').toString()),
    );
    return { module, difficulty, problem_id };
  } catch {
    context.addIssue({ code: 'custom', message: 'not a cursor of this list' });
    return z.NEVER;
  }
}

const digits = z
  .string()
  .regex(/^\d{1,3}$/, 'a whole number')
  .transform(Number);
const one = <T extends z.ZodType>(schema: T) => z.array(schema).max(1, 'may be given once').optional();

const ListQuery = z
  .strictObject({
    module: z.array(Module).default([]),
    difficulty: z.array(digits.pipe(Difficulty)).default([]),
    tag: z.array(z.string().min(1).max(60)).default([]),
    limit: one(digits.pipe(z.int().min(1).max(500))),
    cursor: one(z.string().max(400).transform(decodeCursor)),
  })
  .transform(
    (query): ProblemQuery => ({
      modules: query.module,
      difficulties: query.difficulty,
      tags: query.tag,
      limit: query.limit?.[0] ?? 100,
      after: query.cursor?.[0] ?? null,
    }),
  );

/**
 * Query of `GET /v1/problems`: filters may repeat, `limit` 1-500 (default 100). Unknown names are refused, since a
 * misspelt filter would answer with the whole bank.
 */
export function parseListQuery(queries: Record<string, string[]>) {
  return ListQuery.safeParse(queries);
}
