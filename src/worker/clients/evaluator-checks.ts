import type { EvaluationRequest, EvaluationResponse } from '#contract/evaluator.ts';

/** Rule of belief that an answer breaks. */
export type BrokenRule =
  | 'other-submission'
  | 'other-total'
  | 'other-tests'
  | 'wrong-count'
  | 'wrong-verdict'
  | 'wrong-first-failed';

/**
 * The first rule that the judge's answer breaks, or null: it speaks of our submission and of exactly our tests, counts
 * them rightly, and its verdict is the first in test order that is not AC. When no test ran (the module did not
 * compile or load) the tests are absent or all SK, and the verdict is any but AC.
 */
export function brokenRule(request: EvaluationRequest, response: EvaluationResponse): BrokenRule | null {
  if (response.submission_id !== request.submission_id) return 'other-submission';
  if (response.total !== request.tests.length) return 'other-total';

  const ordered = response.tests.toSorted((a, b) => a.number - b.number);
  const sent = request.tests.toSorted((a, b) => a.number - b.number);
  const noneRan = ordered.every((test) => test.verdict === 'SK');
  const same =
    ordered.length === sent.length &&
    ordered.every((test, i) => test.number === sent[i]?.number && test.hidden === sent[i]?.hidden);
  if (!same && ordered.length > 0) return 'other-tests';

  // Code compiles as a whole or not at all.
  if (ordered.some((test) => test.verdict === 'CE')) return 'wrong-verdict';
  if (response.passed !== ordered.filter((test) => test.verdict === 'AC').length) return 'wrong-count';

  const failed = ordered.find((test) => test.verdict !== 'AC');
  if (noneRan) {
    if (response.verdict === 'AC') return 'wrong-verdict';
    const first = response.first_failed;
    return first === null || first === failed?.number ? null : 'wrong-first-failed';
  }
  if (response.verdict !== (failed?.verdict ?? 'AC')) return 'wrong-verdict';
  return response.first_failed === (failed?.number ?? null) ? null : 'wrong-first-failed';
}
