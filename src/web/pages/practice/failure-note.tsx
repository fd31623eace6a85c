import { useEffect, useState } from 'preact/hooks';
import { Button } from '../../ui/button.tsx';
import { quotaText } from './quota-text.ts';
import type { Judging, Work } from './use-judging.ts';

/** Seconds until `at`, counted down. */
function useCountdown(at: number): number {
  const [now, setNow] = useState(Date.now());
  const left = Math.max(0, Math.ceil((at - now) / 1000));
  useEffect(() => {
    if (left === 0) return;
    const timer = setTimeout(() => setNow(Date.now()), 500);
    return () => clearTimeout(timer);
  });
  return left;
}

const VERBS: Record<Work, string> = { run: 'Run again', submit: 'Send again', rejudge: 'Try again' };

function sentence({ work, error, at }: NonNullable<Judging['failure']>): string {
  switch (error.code) {
    case 'network':
    case 'timeout':
      return work === 'submit'
        ? 'No answer came. Your code is kept here, and sending it again counts once only.'
        : 'The server could not be reached. Your code is kept here.';
    case 'quota':
      return quotaText(error.problem, at);
    case 'too-many-evaluations':
      return 'Two of your programs are being judged already.';
    case 'evaluator-unavailable':
    case 'problem-bank-unavailable':
      return 'The judge cannot be reached right now.';
    case 'validation':
      return (
        error.problem.errors?.map(({ path, message }) => `${path} ${message}`).join('; ') || error.message
      );
    default:
      return error.message;
  }
}

/** Why code was not judged, when trying again makes sense, and the button to do so. */
export function FailureNote({
  failure,
  onRetry,
}: {
  failure: NonNullable<Judging['failure']>;
  onRetry(): void;
}) {
  const { error, work, at } = failure;
  // Hours, perhaps: the sentence says when, and nobody waits here for it.
  const wait = error.code === 'quota' ? null : error.retryAfter;
  const left = useCountdown(at + (wait ?? 0) * 1000);
  return (
    <div class="note note-warn" role="alert">
      <span>
        {sentence(failure)}
        {left > 0 && <span aria-hidden="true">{` Try again in ${left} s.`}</span>}
        {wait !== null && <span class="hidden">{` Try again in ${wait} seconds.`}</span>}
      </span>
      <Button look="quiet" onClick={onRetry}>
        {VERBS[work]}
      </Button>
    </div>
  );
}
