import { useState } from 'preact/hooks';
import type { AnyStudyPathsError } from '#client/errors.ts';
import type { Problem } from '#contract/problem-bank.ts';
import type { Task } from '#contract/tasks.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import { lightbulb, square } from '../../ui/icons.ts';
import { Markdown } from '../../ui/markdown.tsx';
import { splitParagraphs } from './paragraphs.ts';
import { quotaText as dayQuotaText } from './quota-text.ts';
import { type Hint, type Hints, useHints } from './use-hints.ts';
import type { CurrentCode } from './workspace.tsx';

/** Characters that a question may have. */
const LONGEST_QUESTION = 2000;

function HintText({ hint }: { hint: Hint }) {
  const open = hint.state === 'streaming' || hint.state === 'asking';
  const { done, rest } = open ? splitParagraphs(hint.text) : { done: [], rest: hint.text };
  if (!open) return <Markdown text={hint.text} />;
  return (
    <>
      {done.map((paragraph, index) => (
        <Markdown key={index} text={paragraph} />
      ))}
      {/* Read out by paragraph: word by word would drown everything else. */}
      <p class="hint-rest" aria-hidden="true">
        {rest}
        <span class="caret" />
      </p>
    </>
  );
}

const ENDS: Partial<Record<Hint['state'], string>> = {
  stopped: 'You stopped this hint.',
  broken: 'The tutor broke off here. Ask again for the rest.',
};

function HintEntry({ hint, rungs }: { hint: Hint; rungs: number }) {
  const end = ENDS[hint.state];
  return (
    <li class="hint">
      <p class="hint-head small muted">
        <Icon of={lightbulb} size={16} />
        <span>{hint.level === null ? 'Hint' : levelText(hint.level, rungs)}</span>
      </p>
      {hint.question !== null && <p class="hint-question">{hint.question}</p>}
      {hint.state === 'asking' ? <p class="muted">The tutor is thinking …</p> : <HintText hint={hint} />}
      {end !== undefined && <p class="small muted">{end}</p>}
    </li>
  );
}

function levelText(level: number, rungs: number): string {
  return rungs > 0 ? `Hint level ${level} of ${Math.max(level, rungs)}` : `Hint level ${level}`;
}

/** How many hints are left, in words; null when there is no limit or none is known. */
function quotaText(left: number | null): string | null {
  if (left === null) return null;
  if (left === 0) return 'No hint is left for this task.';
  return left === 1 ? 'One hint is left for this task.' : `${left} hints are left for this task.`;
}

function errorText(error: AnyStudyPathsError): string {
  if (error.code === 'quota') return dayQuotaText(error.problem, Date.now());
  return error.code === 'tutor-unavailable'
    ? 'The tutor cannot be reached right now. Nothing was counted.'
    : error.message;
}

function ErrorNote({ hints }: { hints: Hints }) {
  if (hints.error === null || hints.error.code === 'hint-quota') return null;
  return (
    <p class="note note-warn" role="alert">
      {errorText(hints.error)}
    </p>
  );
}

type HintPanelProps = {
  task: Task;
  problem: Problem;
  /** Hints of one task by the path's config; null for no limit, undefined while it is not known. */
  quota: number | null | undefined;
  current: { current: CurrentCode | null };
  ensureStarted(): Promise<void>;
};

/** The tutor: earlier hints, the one that is being written, and a question to go with the next. */
export function HintPanel({ task, problem, quota, current, ensureStarted }: HintPanelProps) {
  const [question, setQuestion] = useState('');
  const rungs = problem.hint_count;
  const nextLevel = (given: readonly Hint[]) =>
    Math.min(Math.max(0, ...given.map(({ level }) => level ?? 0)) + 1, Math.max(1, rungs));
  const hints = useHints(task.id, task.hints_used > 0, nextLevel);
  const left = hints.left ?? (quota == null ? null : Math.max(0, quota - task.hints_used));
  const spent = left === 0;

  async function ask() {
    const wish = question.trim();
    await ensureStarted().catch(() => undefined);
    const { language, code } = current.current?.() ?? { language: undefined, code: '' };
    hints.ask({
      ...(wish === '' ? {} : { question: wish }),
      ...(code.trim() === '' || language === undefined ? {} : { code, language }),
    });
    setQuestion('');
  }

  return (
    <section class="card stack hints" aria-labelledby="hints-title">
      <header class="hints-head">
        <h2 id="hints-title">Hints</h2>
        <p class="small muted">{quotaText(left)}</p>
      </header>
      {hints.earlier.error !== null && (
        <p class="note note-warn">
          <span>Earlier hints could not be loaded.</span>
          <Button look="quiet" onClick={hints.earlier.reload}>
            Try again
          </Button>
        </p>
      )}
      <div role="log" aria-label="Hints so far" class={hints.hints.length === 0 ? 'hidden' : undefined}>
        <ol class="hint-list">
          {hints.hints.map((hint) => (
            <HintEntry key={hint.key} hint={hint} rungs={rungs} />
          ))}
        </ol>
      </div>
      <ErrorNote hints={hints} />
      {!spent && (
        <form
          class="stack-tight"
          onSubmit={(event) => {
            event.preventDefault();
            if (!hints.busy) void ask();
          }}
        >
          <Field
            label="Your question"
            hint="Optional. The tutor sees your code, but never hands you the solution."
          >
            {(attributes) => (
              <textarea
                {...attributes}
                rows={2}
                maxLength={LONGEST_QUESTION}
                value={question}
                onInput={(event) => setQuestion(event.currentTarget.value)}
              />
            )}
          </Field>
          <div class="actions">
            {hints.busy ? (
              // Keyed, or the click that stops would end on the button which then stands in its place.
              <Button key="stop" icon={square} onClick={hints.stop}>
                Stop
              </Button>
            ) : (
              <Button key="ask" icon={lightbulb} submit>
                {`Ask for hint ${levelOf(nextLevel(hints.hints), rungs)}`}
              </Button>
            )}
          </div>
        </form>
      )}
    </section>
  );
}

function levelOf(level: number, rungs: number): string {
  return rungs > 1 ? `${level} of ${rungs}` : String(level);
}
