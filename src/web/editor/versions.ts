/** A text and when it was last changed, in milliseconds since 1970 by this device's clock. */
export type KeptText = { code: string; at: number };

/** What a learner has written and not handed in, as this device keeps it. */
export type Draft = KeptText & {
  /** The newest submission that was known when this was written; null before the first one. */
  basedOn: string | null;
  /** Texts that something else was shown instead of, newest first: nothing is thrown away unasked. */
  asides: KeptText[];
};

/** A text that the editor can show, and where it is from. `at`: milliseconds since 1970; 0 for starter code. */
export type Version = KeptText & { from: 'starter' | 'draft' | 'submission' | 'aside' | 'tab' };

/** The newest submission in a language, as the server has it. */
export type Submitted = KeptText & { id: string };

export type Opened = {
  shown: Version;
  /** Other texts worth having, each different from what is shown; the learner is asked, none is dropped. */
  offered: Version[];
};

/**
 * What to open the editor with: of draft and last submission the newer one, the other on offer. A draft that was
 * written knowing that submission is newer whatever the clocks say: those of two machines may differ.
 */
export function openVersions(draft: Draft | null, submission: Submitted | null, starter: string): Opened {
  const fromDraft: Version[] = draft === null ? [] : [{ code: draft.code, at: draft.at, from: 'draft' }];
  const fromServer: Version[] =
    submission === null ? [] : [{ code: submission.code, at: submission.at, from: 'submission' }];
  const asides = (draft?.asides ?? []).map((aside): Version => ({ ...aside, from: 'aside' }));
  const draftFirst =
    draft !== null &&
    (submission === null || draft.basedOn === submission.id || draft.at > submission.at) &&
    draft.code !== submission?.code;
  const ranked = draftFirst ? [...fromDraft, ...fromServer] : [...fromServer, ...fromDraft];
  const [shown = { code: starter, at: 0, from: 'starter' }, ...others] = [...ranked, ...asides];
  return { shown, offered: distinct(others, [shown.code, starter]) };
}

/** The versions with texts of their own, none of them in `known`; starter code can be had anyway. */
export function distinct(versions: readonly Version[], known: readonly string[]): Version[] {
  const seen = new Set(known);
  return versions.filter(({ code }) => {
    if (seen.has(code) || code.trim() === '') return false;
    seen.add(code);
    return true;
  });
}
