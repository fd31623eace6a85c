import './test-result.css';
import type { ComponentChildren } from 'preact';
import type { VisibleTestResult as Visible } from '#contract/evaluator.ts';
import type { HiddenTests as Hidden } from '#contract/submissions.ts';
import type { Language, TestVerdict } from '#contract/vocabulary.ts';
import { Icon } from '../../ui/icon.tsx';
import { check, circle, x } from '../../ui/icons.ts';
import { cutText, formatValue } from './format-value.ts';
import { compareTexts, type Piece } from './text-diff.ts';
import { hiddenLine, TEST_VERDICT_NAMES } from './verdicts.ts';

const TONES: Partial<Record<TestVerdict, string>> = { AC: 'good', SK: 'plain' };

export function TestMark({ verdict }: { verdict: TestVerdict }) {
  const shape = verdict === 'AC' ? check : verdict === 'SK' ? circle : x;
  return (
    <span class={`test-mark test-${TONES[verdict] ?? 'bad'}`}>
      <Icon of={shape} size={16} />
    </span>
  );
}

function Pieces({ pieces }: { pieces: Piece[] }) {
  return <>{pieces.map(({ text, same }, index) => (same ? text : <mark key={index}>{text}</mark>))}</>;
}

/** Lines that a value shows without scrolling. */
const LINES_SHOWN = 12;

type ValueProps = {
  name: string;
  tone?: 'good' | 'bad';
  text: string;
  /** The text with marks in it. */
  children?: ComponentChildren;
};

function Value({ name, tone, text, children = text }: ValueProps) {
  const scrolls = text.length > 600 || text.split('\n').length > LINES_SHOWN;
  return (
    <div class={tone === undefined ? 'value' : `value value-${tone}`}>
      <dt>{name}</dt>
      <dd>
        {/* What scrolls must be reachable by keyboard. */}
        <pre {...(scrolls ? { tabIndex: 0, class: 'value-long' } : {})}>{children}</pre>
      </dd>
    </div>
  );
}

/** Expected and actual value under each other, with what differs marked. */
function Answers({ test, language }: { test: Visible; language: Language }) {
  const expected = formatValue(test.expected, language);
  if (test.actual === undefined) return <Value name="Expected" text={expected} />;
  const actual = formatValue(test.actual, language);
  if (test.verdict === 'AC') return <Value name="Your answer" text={actual} />;
  const [wanted, got] = compareTexts(expected, actual);
  return (
    <>
      <Value name="Expected" tone="good" text={expected}>
        <Pieces pieces={wanted} />
      </Value>
      <Value name="Your answer" tone="bad" text={actual}>
        <Pieces pieces={got} />
      </Value>
    </>
  );
}

/** The call of a test with its arguments by name. */
export function Arguments({
  args,
  params,
  language,
}: Pick<Visible, 'args'> & { params: readonly string[]; language: Language }) {
  return args.map((arg, index) => (
    <Value key={index} name={params[index] ?? `Argument ${index + 1}`} text={formatValue(arg, language)} />
  ));
}

function errorText({ error }: Visible): string | null {
  if (error === null) return null;
  const where = error.line === null ? '' : ` (line ${error.line})`;
  return `${error.type}${error.message ? `: ${error.message}` : ''}${where}`;
}

type TestResultProps = {
  test: Visible;
  /** Names of the arguments, as far as they are known. */
  params: readonly string[];
  language: Language;
  open: boolean;
};

/** A visible test in full: what went in, what should have come out and what did. */
export function VisibleTest({ test, params, language, open }: TestResultProps) {
  const error = errorText(test);
  return (
    <details class="test" open={open}>
      <summary>
        <TestMark verdict={test.verdict} />
        <span class="test-name">{`Test ${test.number}`}</span>
        <span class="test-verdict">{TEST_VERDICT_NAMES[test.verdict]}</span>
        {test.verdict !== 'SK' && <span class="small muted">{`${formatMs(test.runtime_ms)}`}</span>}
      </summary>
      <dl class="values">
        <Arguments args={test.args} params={params} language={language} />
        <Answers test={test} language={language} />
        {error !== null && <Value name="Error" tone="bad" text={error} />}
        {test.stdout !== '' && (
          <Value name={test.stdout_truncated ? 'Printed (cut)' : 'Printed'} text={cutText(test.stdout)} />
        )}
      </dl>
    </details>
  );
}

/** One bar for the hidden tests: how many passed, and the first that failed. */
export function HiddenTests({ hidden }: { hidden: Hidden | null }) {
  if (hidden === null || hidden.total === 0) return null;
  const { total, passed } = hidden;
  return (
    <section class="stack-tight hidden-tests">
      <h3>
        Hidden tests <span class="small muted">{hiddenLine(hidden)}</span>
      </h3>
      <div class="hidden-bar" aria-hidden="true">
        <span class="hidden-passed" style={{ width: `${(100 * passed) / total}%` }} />
      </div>
    </section>
  );
}

/** Milliseconds as a person reads them. */
export function formatMs(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toFixed(2)} s`;
  return ms < 10 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`;
}
