import type { Evaluation, HiddenTests, RunResult } from '#contract/submissions.ts';
import type { TestVerdict, Verdict } from '#contract/vocabulary.ts';
import { VERDICT_NAMES } from '../../ui/names.ts';

/** What the header of a result needs; a run has no status, since it is judged or nothing. */
export type Outcome = Pick<RunResult, 'verdict' | 'test_cases_passed' | 'test_cases_total'> &
  Partial<Pick<Evaluation, 'status'>>;

export const TEST_VERDICT_NAMES: Record<TestVerdict, string> = {
  ...VERDICT_NAMES,
  AC: 'Passed',
  SK: 'Not run',
};

/** Whether a program was judged: neither a compile error nor a failure of the judge. */
export const isCounted = (verdict: Verdict | null) =>
  verdict !== null && verdict !== 'CE' && verdict !== 'IE';

/** The result in one line, as it is also read out. */
export function verdictLine({ status, verdict, test_cases_passed, test_cases_total }: Outcome): string {
  if (status === 'pending') return 'Waiting to be judged';
  if (verdict === null || verdict === 'IE') return 'Could not be judged';
  if (verdict === 'CE') return `${VERDICT_NAMES.CE}: not counted`;
  const name = VERDICT_NAMES[verdict];
  if (test_cases_passed === null || test_cases_total === null) return name;
  return `${name}: ${test_cases_passed} of ${test_cases_total} tests passed`;
}

/** What is known of the hidden tests, in words. */
export function hiddenLine({ total, passed, first_failed }: HiddenTests): string {
  const count = `${passed} of ${total} passed`;
  if (first_failed !== null)
    return `${count}; test ${first_failed.number} failed first: ${TEST_VERDICT_NAMES[first_failed.verdict]}`;
  return passed < total ? 'Not run' : count;
}
