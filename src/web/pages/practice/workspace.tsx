import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { EvaluationWithCode } from '#contract/history.ts';
import type { Problem } from '#contract/problem-bank.ts';
import type { Language } from '#contract/vocabulary.ts';
import { CodeEditor, type CodeEditorHandle } from '../../editor/code-editor.tsx';
import { toast } from '../../kit/announce.ts';
import { lazyPart } from '../../kit/lazy.tsx';
import { codeLanguage, codeSize } from '../../kit/preferences.ts';
import { useShortcuts } from '../../kit/shortcuts.ts';
import { useStore } from '../../kit/store.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { play, rotateCcw, send } from '../../ui/icons.ts';
import { LANGUAGE_NAMES } from '../../ui/names.ts';
import { DraftState } from './draft-state.tsx';
import { FailureNote } from './failure-note.tsx';
import type { Drafts } from './use-drafts.ts';
import { useDrafts } from './use-drafts.ts';
import type { Judging } from './use-judging.ts';

const Offers = lazyPart(() => import('./offers.tsx').then((part) => part.Offers));

const IS_MAC = /Mac|iPhone|iPad/.test(navigator.userAgent);
const MOD = IS_MAC ? '\u2318' : 'Ctrl';
const SIZES = ['12', '13', '14', '16', '18', '20'] as const;

/** The language to open: that of the newest submission, else the one last used, else what the problem takes. */
export function firstLanguage(problem: Problem, evaluations: readonly EvaluationWithCode[]): Language {
  const wanted = evaluations[0]?.language ?? codeLanguage.get();
  return problem.languages.includes(wanted) ? wanted : (problem.languages[0] ?? 'python');
}

/** Code as it is at this moment, for whoever asks about it. */
export type CurrentCode = () => { language: Language; code: string };

type WorkspaceProps = {
  learner: string;
  taskId: string;
  problem: Problem;
  evaluations: readonly EvaluationWithCode[];
  judging: Judging;
  current: { current: CurrentCode | null };
  /** Told of the sheets, so that a submission can be noted in them. */
  drafts: { current: Drafts | null };
};

function Sizes() {
  const size = useStore(codeSize);
  const step = (by: number) => {
    const next = SIZES[SIZES.indexOf(size) + by];
    if (next !== undefined) codeSize.set(next);
  };
  return (
    <fieldset class="sizes">
      <legend class="hidden">Size of the code</legend>
      <button type="button" aria-label="Smaller code" disabled={size === '12'} onClick={() => step(-1)}>
        A
      </button>
      <button type="button" aria-label="Larger code" disabled={size === '20'} onClick={() => step(1)}>
        A
      </button>
    </fieldset>
  );
}

type LanguagesProps = {
  languages: readonly Language[];
  chosen: Language;
  onChoose(language: Language): void;
};

function Languages({ languages, chosen, onChoose }: LanguagesProps) {
  return (
    <fieldset class="segments">
      <legend class="hidden">Language</legend>
      {languages.map((language) => (
        <label key={language}>
          <input
            type="radio"
            name="language"
            value={language}
            checked={language === chosen}
            onChange={() => onChoose(language)}
          />
          <span>{LANGUAGE_NAMES[language]}</span>
        </label>
      ))}
    </fieldset>
  );
}

/** Runs on Ctrl or Cmd with Enter, submits with Shift besides; before the editor takes the keys for itself. */
function useJudgeKeys(run: () => void, submit: () => void) {
  const latest = useRef({ run, submit });
  latest.current = { run, submit };
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.altKey) return;
      if (document.querySelector('dialog[open]') !== null) return;
      event.preventDefault();
      event.stopPropagation();
      if (event.repeat) return;
      if (event.shiftKey) latest.current.submit();
      else latest.current.run();
    };
    window.addEventListener('keydown', listen, { capture: true });
    return () => window.removeEventListener('keydown', listen, { capture: true });
  }, []);
  const shortcuts = useMemo(
    () => [
      { keys: `${MOD}+Enter`, label: 'Run the visible tests', run: () => latest.current.run() },
      { keys: `${MOD}+Shift+Enter`, label: 'Submit your code', run: () => latest.current.submit() },
      { keys: 'Esc Tab', label: 'Leave the editor; without Esc, Tab indents', run: () => undefined },
    ],
    [],
  );
  useShortcuts('Practice', shortcuts);
}

/** Editor, languages and the two buttons. */
export function Workspace({
  learner,
  taskId,
  problem,
  evaluations,
  judging,
  current,
  drafts: out,
}: WorkspaceProps) {
  const [language, setLanguage] = useState(() => firstLanguage(problem, evaluations));
  const editor = useRef<CodeEditorHandle>(null);
  const drafts = useDrafts({ learner, taskId }, language, problem, evaluations);
  current.current = () => ({ language, code: drafts.code() });
  out.current = drafts;
  const starter = problem.starter_code[language] ?? '';

  function judge(how: 'run' | 'submit') {
    const code = drafts.code();
    if (code.trim() === '') toast('There is no code yet.', 'bad');
    else judging[how](language, code);
  }
  useJudgeKeys(
    () => judge('run'),
    () => judge('submit'),
  );
  const replace = (code: string) => editor.current?.replace(code);
  const { failure, busy } = judging;
  return (
    <section class="card workspace" aria-labelledby="code-title">
      <header class="workspace-bar">
        <h2 id="code-title" class="hidden">
          Your code
        </h2>
        <Languages
          languages={problem.languages}
          chosen={language}
          onChoose={(chosen) => {
            codeLanguage.set(chosen);
            setLanguage(chosen);
          }}
        />
        <DraftState kept={drafts.kept} />
        <Sizes />
        <IconButton
          icon={rotateCcw}
          label="Back to the starter code"
          onClick={() => drafts.take({ code: starter, at: 0, from: 'starter' }, replace)}
        />
      </header>
      {drafts.offered.length > 0 && (
        <Offers drafts={drafts} onTake={(version) => drafts.take(version, replace)} />
      )}
      <CodeEditor language={language} initial={drafts.initial} onChange={drafts.changed} handle={editor} />
      <footer class="workspace-foot">
        <p class="small muted keys-note">
          <kbd>Esc</kbd> then <kbd>Tab</kbd> leaves the editor
        </p>
        <div class="actions">
          <Button
            icon={play}
            busy={busy === 'run'}
            disabled={busy !== null && busy !== 'run'}
            onClick={() => judge('run')}
            title={`Runs the visible tests (${MOD}+Enter)`}
            aria-keyshortcuts="Control+Enter Meta+Enter"
          >
            Run tests
          </Button>
          <Button
            look="primary"
            icon={send}
            busy={busy === 'submit'}
            disabled={busy !== null && busy !== 'submit'}
            onClick={() => judge('submit')}
            title={`Submits your code (${MOD}+Shift+Enter)`}
            aria-keyshortcuts="Control+Shift+Enter Meta+Shift+Enter"
          >
            Submit
          </Button>
        </div>
      </footer>
      {failure !== null && (
        <FailureNote
          key={failure.at}
          failure={failure}
          onRetry={() => (failure.work === 'rejudge' ? judging.rejudge() : judge(failure.work))}
        />
      )}
    </section>
  );
}
