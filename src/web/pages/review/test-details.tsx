import { useState } from 'preact/hooks';
import type { EvaluationWithCode, TaskDetail } from '#contract/history.ts';
import { formatInstant } from '../../time/dates.ts';
import { Select } from '../../ui/field.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { formatMs, HiddenTests, VisibleTest } from '../practice/test-result.tsx';
import { LANGUAGE_NAMES, verdictText } from './words.ts';

function nameOf({ attempt, run }: EvaluationWithCode): string {
  return run === 1 ? `Attempt ${attempt}` : `Attempt ${attempt}, judging ${run}`;
}

function costOf({ runtime_ms, memory_mb }: EvaluationWithCode): string {
  const time = runtime_ms === null ? null : `${formatMs(runtime_ms)} of processor time`;
  const memory = memory_mb === null ? null : `${memory_mb.toFixed(1)} MB`;
  return [time, memory].filter((part) => part !== null).join(' · ');
}

/** One judging: visible tests in full, of hidden ones how many passed and the first failure. */
export function TestDetails({ detail, zone }: { detail: TaskDetail; zone: string }) {
  const { evaluations, problem } = detail;
  const [chosen, setChosen] = useState<string | null>(null);
  const judging = evaluations.find(({ id }) => id === chosen) ?? evaluations[0];
  if (judging === undefined) {
    return (
      <EmptyState title="Nothing judged">
        <p>Results of submissions are shown here.</p>
      </EmptyState>
    );
  }
  const visible = judging.tests ?? [];
  const failed = visible.find(({ verdict }) => verdict !== 'AC');
  const inTests = visible.some(({ error }) => error !== null);
  return (
    <div class="stack">
      {evaluations.length > 1 && (
        <Select
          label="Result of"
          value={judging.id}
          options={evaluations.map((entry) => ({
            value: entry.id,
            label: `${nameOf(entry)}: ${verdictText(entry)}`,
          }))}
          onChange={setChosen}
        />
      )}
      <div>
        <h3>{`${nameOf(judging)}: ${verdictText(judging)}`}</h3>
        <p class="small muted">
          {[
            LANGUAGE_NAMES[judging.language],
            costOf(judging),
            formatInstant(judging.evaluated_at ?? judging.created_at, zone),
          ]
            .filter(Boolean)
            .join(' · ')}
        </p>
      </div>
      {judging.error_message !== null && !inTests && <pre class="error-text">{judging.error_message}</pre>}
      {visible.length > 0 && (
        <div class="tests">
          {visible.map((test) => (
            <VisibleTest
              key={`${judging.id} ${test.number}`}
              test={test}
              params={problem?.params ?? []}
              language={judging.language}
              open={test === failed}
            />
          ))}
        </div>
      )}
      <HiddenTests hidden={judging.hidden} />
    </div>
  );
}
