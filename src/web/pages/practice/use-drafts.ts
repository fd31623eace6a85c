import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { EvaluationWithCode } from '#contract/history.ts';
import type { Problem } from '#contract/problem-bank.ts';
import type { Language } from '#contract/vocabulary.ts';
import { readDraft, sweepDrafts, watchDraft, writeDraft } from '../../editor/drafts.ts';
import { type Draft, distinct, openVersions, type Submitted, type Version } from '../../editor/versions.ts';
import { createStore, type Store } from '../../kit/store.ts';

/** Milliseconds after a keystroke until the draft is written. */
const QUIET_MS = 200;

/** What is open in one language. */
type Sheet = { opened: Version; code: string; at: number; basedOn: string | null; offered: Version[] };

export type Drafts = {
  /** What the language's document begins with. */
  initial: string;
  /** Where that came from. */
  opened: Version;
  code(): string;
  changed(code: string): void;
  offered: readonly Version[];
  /** Takes an offered text into the editor; what was there is then on offer. */
  take(version: Version, replace: (code: string) => void): void;
  decline(version: Version): void;
  /** The code at hand has been handed in as that submission. */
  submitted(id: string): void;
  /** Whether the device keeps what is written; null until something was. */
  kept: Store<boolean | null>;
};

function newestIn(language: Language, evaluations: readonly EvaluationWithCode[]): Submitted | null {
  const newest = evaluations.find((evaluation) => evaluation.language === language);
  if (newest === undefined) return null;
  return { id: newest.submission_id, code: newest.code, at: Date.parse(newest.created_at) };
}

/** The learner's texts of one task: a sheet per language, written to this device as they change. */
export function useDrafts(
  scope: { learner: string; taskId: string },
  language: Language,
  problem: Problem,
  evaluations: readonly EvaluationWithCode[],
): Drafts {
  const { learner, taskId } = scope;
  const sheets = useRef(new Map<Language, Sheet>());
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const kept = useMemo(() => createStore<boolean | null>(null), []);
  const [, render] = useState(0);
  const starter = problem.starter_code[language] ?? '';

  const sheet = sheetOf();
  function sheetOf(): Sheet {
    const known = sheets.current.get(language);
    if (known !== undefined) return known;
    const submission = newestIn(language, evaluations);
    const { shown, offered } = openVersions(readDraft({ learner, taskId, language }), submission, starter);
    const made = { opened: shown, code: shown.code, at: shown.at, basedOn: submission?.id ?? null, offered };
    sheets.current.set(language, made);
    return made;
  }

  const write = useCallback(() => {
    clearTimeout(timer.current);
    timer.current = undefined;
    const { code, at, basedOn, offered } = sheet;
    // Submissions are on the server; every other text lives here alone.
    const asides = offered
      .filter(({ from }) => from !== 'submission')
      .map((aside) => ({ code: aside.code, at: aside.at }));
    const draft: Draft = { code, at, basedOn, asides };
    kept.set(writeDraft({ learner, taskId, language }, draft));
  }, [sheet, learner, taskId, language, kept]);

  // What waits for the pause in typing is written when the tab is left, hidden or closed.
  useEffect(() => {
    const flush = () => timer.current !== undefined && write();
    document.addEventListener('visibilitychange', flush);
    window.addEventListener('pagehide', flush);
    return () => {
      flush();
      document.removeEventListener('visibilitychange', flush);
      window.removeEventListener('pagehide', flush);
    };
  }, [write]);

  useEffect(() => sweepDrafts(Date.now()), []);

  const offer = useCallback(
    (versions: readonly Version[]) => {
      sheet.offered = distinct(versions, [sheet.code, starter]);
      render((turn) => turn + 1);
    },
    [sheet, starter],
  );

  useEffect(
    () =>
      watchDraft({ learner, taskId, language }, (draft) => {
        const others = sheet.offered.filter(({ from }) => from !== 'tab');
        offer([{ code: draft.code, at: draft.at, from: 'tab' }, ...others]);
      }),
    [sheet, offer, learner, taskId, language],
  );

  return {
    initial: sheet.code,
    opened: sheet.opened,
    code: () => sheet.code,
    changed(code) {
      if (code === sheet.code) return;
      sheet.code = code;
      sheet.at = Date.now();
      timer.current ??= setTimeout(write, QUIET_MS);
    },
    offered: sheet.offered,
    take(version, replace) {
      const before: Version = { code: sheet.code, at: sheet.at, from: 'aside' };
      sheet.opened = version;
      sheet.code = version.code;
      sheet.at = Date.now();
      offer([before, ...sheet.offered]);
      replace(version.code);
      write();
    },
    decline(version) {
      offer(sheet.offered.filter((other) => other !== version));
      write();
    },
    submitted(id) {
      sheet.basedOn = id;
      offer(sheet.offered.filter(({ from }) => from !== 'submission'));
      write();
    },
    kept,
  };
}
