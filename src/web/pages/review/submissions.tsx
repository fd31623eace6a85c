import { useState } from 'preact/hooks';
import type { EvaluationWithCode, TaskDetail } from '#contract/history.ts';
import { formatInstant } from '../../time/dates.ts';
import { Select } from '../../ui/field.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { diffLines, withGaps } from './line-diff.ts';
import { LANGUAGE_NAMES, verdictText } from './words.ts';

/** The newest judging of each submission, newest attempt first. */
function newestOfEach(evaluations: readonly EvaluationWithCode[]): EvaluationWithCode[] {
  const byAttempt = new Map<number, EvaluationWithCode>();
  for (const judging of evaluations) {
    const known = byAttempt.get(judging.attempt);
    if (known === undefined || known.run < judging.run) byAttempt.set(judging.attempt, judging);
  }
  return [...byAttempt.values()].toSorted((a, b) => b.attempt - a.attempt);
}

const SIGNS = { same: ' ', removed: '-', added: '+' } as const;

function Difference({ before, after }: { before: EvaluationWithCode; after: EvaluationWithCode }) {
  const lines = diffLines(before.code, after.code);
  const changed = lines.filter(({ kind }) => kind !== 'same').length;
  if (changed === 0) return <p>Both have the same code.</p>;
  const added = lines.filter(({ kind }) => kind === 'added').length;
  return (
    <>
      <p class="small muted">{`Lines removed (-): ${changed - added}, added (+): ${added}`}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre class="code diff" tabIndex={0}>
        {withGaps(lines).map((line, index) =>
          line.kind === 'gap' ? (
            <span key={index} class="diff-gap">{`… ${line.lines} unchanged lines\n`}</span>
          ) : (
            <span key={index} class={`diff-${line.kind}`}>{`${SIGNS[line.kind]} ${line.text}\n`}</span>
          ),
        )}
      </pre>
    </>
  );
}

function Compare({ submissions }: { submissions: readonly EvaluationWithCode[] }) {
  const [newest, previous] = submissions;
  const [from, setFrom] = useState(String(previous?.attempt));
  const [to, setTo] = useState(String(newest?.attempt));
  const options = submissions.map((judging) => ({
    value: String(judging.attempt),
    label: `Attempt ${judging.attempt}: ${verdictText(judging)}`,
  }));
  const find = (attempt: string) => submissions.find((judging) => String(judging.attempt) === attempt);
  const [before, after] = [find(from), find(to)];
  return (
    <section class="stack-tight" aria-label="Comparison">
      <h3>Compare two attempts</h3>
      <div class="compare">
        <Select label="From" value={from} options={options} onChange={setFrom} />
        <Select label="To" value={to} options={options} onChange={setTo} />
      </div>
      {before !== undefined && after !== undefined && <Difference before={before} after={after} />}
    </section>
  );
}

/** Each attempt with its code, and what changed between any two. */
export function Submissions({ detail: { evaluations, task }, zone }: { detail: TaskDetail; zone: string }) {
  const submissions = newestOfEach(evaluations);
  if (submissions.length === 0) {
    return (
      <EmptyState title="Nothing submitted">
        <p>
          <a href={`/?task=${task.id}`}>Open it in practice</a> to try it.
        </p>
      </EmptyState>
    );
  }
  return (
    <div class="stack">
      {submissions.length > 1 && <Compare submissions={submissions} />}
      <ol class="log">
        {submissions.map((judging, index) => (
          <li key={judging.submission_id} class="stack-tight">
            <h3>{`Attempt ${judging.attempt}: ${verdictText(judging)}`}</h3>
            <p class="small muted">
              <time dateTime={judging.created_at}>{formatInstant(judging.created_at, zone)}</time>
              {` · ${LANGUAGE_NAMES[judging.language]}`}
            </p>
            <details open={index === 0}>
              <summary>{`Code of attempt ${judging.attempt}`}</summary>
              {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
              <pre class="code" tabIndex={0}>
                {judging.code}
              </pre>
            </details>
          </li>
        ))}
      </ol>
    </div>
  );
}
