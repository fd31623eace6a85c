import type { Problem } from '#contract/problem-bank.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { circleCheck, circleX, clockAlert, loaderCircle } from '../../ui/icons.ts';
import { formatMs, HiddenTests, VisibleTest } from './test-result.tsx';
import type { Judged, Judging } from './use-judging.ts';
import { isCounted, verdictLine } from './verdicts.ts';

function toneOf({ kind, result }: Judged): 'good' | 'bad' | 'plain' {
  if (kind === 'submission' && result.status === 'pending') return 'plain';
  if (!isCounted(result.verdict)) return 'plain';
  return result.verdict === 'AC' ? 'good' : 'bad';
}

const ICONS = { good: circleCheck, bad: circleX, plain: clockAlert } as const;

function Head({ judged }: { judged: Judged }) {
  const { kind, result } = judged;
  const tone = toneOf(judged);
  const pending = kind === 'submission' && result.status === 'pending';
  return (
    <div class={`verdict verdict-${tone}`}>
      <Icon of={pending ? loaderCircle : ICONS[tone]} size={24} />
      <p>
        <strong>{kind === 'run' && result.verdict === 'AC' ? runLine(judged) : verdictLine(result)}</strong>
        <span class="small">{factsOf(judged)}</span>
      </p>
    </div>
  );
}

function runLine({ result }: Judged): string {
  return `Visible tests: all ${result.test_cases_total ?? ''} passed`;
}

/** Which attempt it was, and what it took. */
function factsOf({ kind, result }: Judged): string {
  const facts = [kind === 'run' ? 'Run on the visible tests' : `Attempt ${result.attempt}`];
  if (result.runtime_ms !== null) facts.push(`${formatMs(result.runtime_ms)} of processor time`);
  if (result.memory_mb !== null) facts.push(`${result.memory_mb.toFixed(1)} MB`);
  return facts.join(' · ');
}

function NotJudged({ judged, judging }: { judged: Judged; judging: Judging }) {
  if (judged.kind !== 'submission') return null;
  const { status } = judged.result;
  if (status === 'evaluated') return null;
  return (
    <div class="note note-warn">
      <span>
        {status === 'pending'
          ? 'Your submission is kept. The judge cannot be reached right now; the result shows here as soon as it is there.'
          : 'The judge failed, not your code: this attempt counts for nothing.'}
      </span>
      <Button look="quiet" busy={judging.busy === 'rejudge'} onClick={judging.rejudge}>
        {status === 'pending' ? 'Try now' : 'Judge it again'}
      </Button>
    </div>
  );
}

/** What became of the code: verdict, the visible tests in full, of the hidden ones how many passed and the first failure. */
export function Results({ judging, problem }: { judging: Judging; problem: Problem }) {
  const { judged } = judging;
  if (judged === null) return null;
  const { result, language } = judged;
  const visible = result.tests ?? [];
  const firstFailed = visible.find(({ verdict }) => verdict !== 'AC');
  const inTests = visible.some((test) => test.error !== null);
  return (
    <section class="card stack results" aria-labelledby="results-title">
      <h2 id="results-title" class="hidden">
        Result
      </h2>
      <Head judged={judged} />
      <NotJudged judged={judged} judging={judging} />
      {result.error_message !== null && !inTests && <pre class="error-text">{result.error_message}</pre>}
      {visible.length > 0 && (
        <div class="tests">
          {visible.map((test) => (
            <VisibleTest
              key={`${result.verdict} ${test.number}`}
              test={test}
              params={problem.params}
              language={language}
              open={test === firstFailed}
            />
          ))}
        </div>
      )}
      {judged.kind === 'submission' && <HiddenTests hidden={judged.result.hidden} />}
    </section>
  );
}
