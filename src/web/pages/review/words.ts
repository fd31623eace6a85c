import type { Evaluation } from '#contract/submissions.ts';
import type { Language } from '#contract/vocabulary.ts';
import { VERDICT_NAMES } from '../../ui/names.ts';

export const LANGUAGE_NAMES: Record<Language, string> = { python: 'Python', javascript: 'JavaScript' };

type Judged = Pick<Evaluation, 'status' | 'verdict' | 'test_cases_passed' | 'test_cases_total'>;

/** What the judge said, in one line. */
export function verdictText({ status, verdict, test_cases_passed, test_cases_total }: Judged): string {
  if (status === 'pending') return 'Waiting for the judge';
  if (status === 'failed' || verdict === null) return 'Could not be judged; counts for nothing';
  if (verdict === 'CE') return 'Did not compile; not counted';
  const name = VERDICT_NAMES[verdict];
  if (test_cases_passed === null || test_cases_total === null) return name;
  return `${name}, ${test_cases_passed} of ${test_cases_total} tests passed`;
}
