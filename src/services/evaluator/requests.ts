import * as z from 'zod';
import { EvaluationRequest } from '#contract/evaluator.ts';
import { isArgument } from '#contract/float-tags.ts';
import type { Json } from '#contract/problem-bank.ts';
import { Language } from '#contract/vocabulary.ts';
import { ServiceFault } from './faults.ts';

/** Nesting of arguments and expected values; as deep as a result may be. */
const DEPTH = 400;

/** Values come out of JSON.parse and are JSON already: walking each one through `z.json()` costs a second on MiBs. */
const Value = z.custom<Json>((value) => isShallow(value, DEPTH), 'nested too deep');

const Argument = z.custom<Json>((value) => isArgument(value, DEPTH), 'nested too deep, or an unknown tag');

const Request = EvaluationRequest.extend({
  tests: z
    .array(
      z.object({ number: z.int().min(1), hidden: z.boolean(), args: z.array(Argument), expected: Value }),
    )
    .min(1)
    .max(200),
});

function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return value !== undefined;
  if (depth === 0) return false;
  for (const item of Array.isArray(value) ? value : Object.values(value)) {
    if (typeof item === 'object' && !isShallow(item, depth - 1)) return false;
  }
  return true;
}

/** @throws ServiceFault INVALID_REQUEST, UNSUPPORTED_LANGUAGE. */
export function parseRequest(body: string): EvaluationRequest {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    throw new ServiceFault('INVALID_REQUEST', 'The body is not JSON');
  }
  const language = z.object({ language: z.string() }).safeParse(json);
  if (language.success && !Language.safeParse(language.data.language).success) {
    throw new ServiceFault('UNSUPPORTED_LANGUAGE', `Languages: ${Language.options.join(', ')}`);
  }
  const request = Request.safeParse(json);
  if (!request.success)
    throw new ServiceFault('INVALID_REQUEST', z.prettifyError(request.error).slice(0, 1000));
  const numbers = request.data.tests.map(({ number }) => number);
  if (new Set(numbers).size < numbers.length) {
    throw new ServiceFault('INVALID_REQUEST', 'Two tests have the same number');
  }
  return request.data;
}
