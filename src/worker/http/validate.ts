import { zValidator } from '@hono/zod-validator';
import type { MiddlewareHandler } from 'hono';
import type * as z from 'zod';
import { AppError, type FieldError } from '../errors.ts';
import type { AppEnv } from './types.ts';

const MAX_ERRORS = 1000;

type Issues = {
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
};

function fieldErrors({ issues }: Issues): FieldError[] {
  return issues
    .slice(0, MAX_ERRORS)
    .map(({ path, message }) => ({ path: path.map(String).join('.'), message }));
}

/** A validator that tells which schema it holds which part of the request to, so that the API document is provable. */
function telling<Handler extends object>(
  part: 'json' | 'query' | 'param',
  schema: z.ZodType,
  handler: Handler,
) {
  return Object.assign(handler, { part, schema });
}

type JsonInput<T extends z.ZodType> = { in: { json: z.input<T> }; out: { json: z.output<T> } };

/**
 * The body by its schema; `c.req.valid('json')` then has it. Takes what `jsonBody` left: zod-validator's `json` target
 * reads and parses the body once more, without its limits, and takes other content types for an empty object.
 * @throws AppError `validation` with the dotted path of every refused field.
 */
export function body<T extends z.ZodType>(schema: T): MiddlewareHandler<AppEnv, string, JsonInput<T>> {
  const validator: MiddlewareHandler<AppEnv, string, JsonInput<T>> = async (c, next) => {
    const result = await schema.safeParseAsync(c.get('json'));
    if (!result.success) throw new AppError('validation', { errors: fieldErrors(result.error) });
    c.req.addValidatedData('json', result.data as object);
    await next();
  };
  return telling('json', schema, validator);
}

/**
 * The query by its schema. A repeated parameter arrives as an array, so a schema for a single value refuses it.
 * @throws AppError `invalid-query`.
 */
export function query<T extends z.ZodType>(schema: T) {
  const validator = zValidator('query', schema, (result) => {
    if (!result.success) throw new AppError('invalid-query', { errors: fieldErrors(result.error) });
  });
  return telling('query', schema, validator);
}

/**
 * The path's parameters by their schema. A malformed id is answered like an unknown one.
 * @throws AppError `not-found`.
 */
export function params<T extends z.ZodType>(schema: T) {
  const validator = zValidator('param', schema, (result) => {
    if (!result.success) throw new AppError('not-found');
  });
  return telling('param', schema, validator);
}
