import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { type EvaluationRequest, EvaluationResponse } from '#contract/evaluator.ts';
import { ProblemBundle } from '#contract/problem-bank.ts';
import { Language } from '#contract/vocabulary.ts';
import type { RunningService } from '#services/common/service.ts';
import { startEvaluator } from '#services/evaluator/index.ts';
import { startProblemBank } from '#services/problem-bank/index.ts';
import { ownProblems } from '#services/problem-bank/problems/index.ts';

const KEY = 'service-key';
const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' };
const Solutions = z.object({ reference_solution: z.record(Language, z.string()) });
let bank: RunningService;
let evaluator: RunningService;

beforeAll(async () => {
  [bank, evaluator] = await Promise.all([startProblemBank({ apiKey: KEY }), startEvaluator({ apiKey: KEY })]);
});
afterAll(async () => {
  await Promise.all([bank.close(), evaluator.close()]);
});

async function fetchJson(url: string, init: RequestInit = {}): Promise<unknown> {
  const response = await fetch(url, { headers, ...init });
  if (response.status !== 200) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return response.json();
}

describe.each(Language.options)('the reference in %s', (language) => {
  test.concurrent.each(ownProblems.map(({ problem_id }) => problem_id))(
    'solves %s',
    async (id) => {
      const bundle = ProblemBundle.parse(await fetchJson(`${bank.url}/internal/v1/problems/${id}/bundle`));
      const { reference_solution } = Solutions.parse(await fetchJson(`${bank.url}/__local/solutions/${id}`));
      const { entry_point, comparison, signature, tests } = bundle;
      const code = reference_solution[language];
      const request: EvaluationRequest = {
        submission_id: `${id}-${language}`,
        language,
        entry_point,
        code,
        comparison,
        signature,
        // All as visible ones, so that a failure shows what the reference gave.
        tests: tests.map((one) => ({ ...one, hidden: false })),
      };
      const body = JSON.stringify(request);
      const result = EvaluationResponse.parse(
        await fetchJson(`${evaluator.url}/v1/evaluations`, { method: 'POST', body }),
      );
      const failed = result.tests.flatMap((one) =>
        one.verdict === 'AC' || one.hidden
          ? []
          : [{ test: one.number, verdict: one.verdict, error: one.error }],
      );
      expect({ error: result.error, failed }).toEqual({ error: null, failed: [] });
      expect(result).toMatchObject({ verdict: 'AC', passed: tests.length, total: tests.length });
    },
    120_000,
  );
});
