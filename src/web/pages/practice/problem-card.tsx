import type { Problem, ProblemTest } from '#contract/problem-bank.ts';
import type { Language } from '#contract/vocabulary.ts';
import { codeLanguage } from '../../kit/preferences.ts';
import { useStore } from '../../kit/store.ts';
import { Markdown } from '../../ui/markdown.tsx';
import { formatValue } from './format-value.ts';

function callText({ entry_point, params }: Problem, { args }: ProblemTest, language: Language): string {
  const named = args.map(
    (arg, index) => `${params[index] ?? `argument ${index + 1}`} = ${formatValue(arg, language)}`,
  );
  return named.length === 0 ? `${entry_point}()` : named.join('\n');
}

function Example({
  problem,
  test,
  number,
  language,
}: {
  problem: Problem;
  test: ProblemTest;
  number: number;
  language: Language;
}) {
  return (
    <li class="example">
      <p class="small muted">{`Test ${number}`}</p>
      <pre>{callText(problem, test, language)}</pre>
      <pre>
        <span class="muted" aria-hidden="true">
          {'\u2192 '}
        </span>
        <span class="hidden">gives </span>
        {formatValue(test.expected, language)}
      </pre>
    </li>
  );
}

/** The statement, and the tests that everybody may see. */
export function ProblemCard({ problem }: { problem: Problem }) {
  const language = useStore(codeLanguage);
  const { visible_tests, hidden_test_count, attribution } = problem;
  return (
    <article class="card stack">
      <h2 class="hidden">Problem</h2>
      <Markdown text={problem.statement} />
      <section class="stack-tight">
        <h3>Visible tests</h3>
        <ol class="examples">
          {visible_tests.map((test, index) => (
            <Example key={index} problem={problem} test={test} number={index + 1} language={language} />
          ))}
        </ol>
        <p class="small muted">
          {hidden_test_count === 0
            ? 'There are no hidden tests.'
            : `A submission also has to pass ${hidden_test_count} hidden ${hidden_test_count === 1 ? 'test' : 'tests'}.`}
        </p>
      </section>
      {attribution !== null && <p class="small muted">{attribution}</p>}
    </article>
  );
}
