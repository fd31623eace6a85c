import type { CodeChange } from '../kit/changed-code.ts';
import { NO_REDRIVE } from './kills.ts';

/** Bugs of the Worker that only a failing neighbour brings to light, and the fault that has to show each. */
export const FAULT_BUGS: readonly {
  name: string;
  change: CodeChange;
  neighbour: 'evaluator' | 'tutor';
  fault: string;
}[] = [
  {
    name: 'nobody drives a pending evaluation on',
    change: NO_REDRIVE,
    neighbour: 'evaluator',
    fault: 'HTML',
  },
  {
    name: 'a judge that contradicts itself is believed',
    change: {
      file: 'src/worker/clients/evaluator.ts',
      from: /if \(rule !== null\)/,
      to: 'if (rule === "other-submission")',
    },
    neighbour: 'evaluator',
    fault: 'another verdict',
  },
  {
    name: 'a result of another submission is taken for this one',
    change: {
      file: 'src/worker/clients/evaluator-checks.ts',
      from: /if \(response\.submission_id !== request\.submission_id\).*\n/,
      to: '',
    },
    neighbour: 'evaluator',
    fault: 'other submission',
  },
  {
    name: 'a hint that broke off passes for a whole one',
    change: { file: 'src/worker/hints/recorder.ts', from: /catch \{\s+broken = true;/, to: 'catch {' },
    neighbour: 'tutor',
    fault: 'cut after 2 words',
  },
];
