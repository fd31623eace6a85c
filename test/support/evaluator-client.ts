import { expect } from 'vitest';
import { EvaluationRequest, EvaluationResponse, type TestResult } from '#contract/evaluator.ts';
import type { Language } from '#contract/vocabulary.ts';
import type { RunningService } from '../../src/services/common/service.ts';

export type Tests = [args: unknown[], expected: unknown, hidden?: 'hidden'][];
export type Extra = Partial<Omit<EvaluationRequest, 'tests'>>;

/** A request to judge code whose entry point is `solve`. */
export function evaluationRequest(
  language: Language,
  code: string,
  tests: Tests,
  extra: Extra = {},
): EvaluationRequest {
  return EvaluationRequest.parse({
    submission_id: 'sub-1',
    language,
    entry_point: 'solve',
    code,
    comparison: 'exact',
    signature: null,
    tests: tests.map(([args, expected, hidden], i) => ({
      number: i + 1,
      hidden: hidden === 'hidden',
      args,
      expected,
    })),
    ...extra,
  });
}

/** Has a service judge Python code whose entry point is `solve`. @throws AssertionError for anything but an evaluation. */
export async function judgePython(
  service: RunningService,
  apiKey: string,
  code: string,
  tests: Tests,
  extra: Extra = {},
): Promise<EvaluationResponse> {
  const response = await fetch(`${service.url}/v1/evaluations`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}` },
    body: JSON.stringify(evaluationRequest('python', code, tests, extra)),
  });
  expect(response.status).toBe(200);
  return EvaluationResponse.parse(await response.json());
}

/** @throws Error for a hidden or missing result. */
export function visible(result: TestResult | undefined) {
  if (result === undefined || result.hidden) throw new Error('expected a visible result');
  return result;
}
