import type { Language } from '#contract/vocabulary.ts';
import { readStored, storedKeys, writeStored } from '../kit/storage.ts';
import type { Draft, KeptText } from './versions.ts';

const PREFIX = 'study-paths.draft:';
/** Texts put aside per draft; older ones go. */
const MOST_ASIDE = 3;
/** Days that an untouched draft is kept. */
const KEPT_DAYS = 90;

/** Whose draft, of which task, in which language. */
export type DraftScope = { learner: string; taskId: string; language: Language };

function keyOf({ learner, taskId, language }: DraftScope): string {
  return `${PREFIX}${encodeURIComponent(learner)}:${taskId}:${language}`;
}

function isKeptText(value: unknown): value is KeptText {
  if (typeof value !== 'object' || value === null) return false;
  const { code, at } = value as Record<string, unknown>;
  return typeof code === 'string' && typeof at === 'number';
}

/** The draft that a stored text stands for; null for anything else. */
export function parseDraft(stored: string | null): Draft | null {
  if (stored === null) return null;
  try {
    const value: unknown = JSON.parse(stored);
    if (!isKeptText(value)) return null;
    const { basedOn, asides } = value as Partial<Draft>;
    return {
      code: value.code,
      at: value.at,
      basedOn: typeof basedOn === 'string' ? basedOn : null,
      asides: Array.isArray(asides) ? asides.filter(isKeptText) : [],
    };
  } catch {
    return null;
  }
}

export function readDraft(scope: DraftScope): Draft | null {
  return parseDraft(readStored('local', keyOf(scope)));
}

/** Keeps a draft, making room with the oldest others if it must. @returns whether it is kept. */
export function writeDraft(scope: DraftScope, draft: Draft): boolean {
  const key = keyOf(scope);
  const text = JSON.stringify({ ...draft, asides: draft.asides.slice(0, MOST_ASIDE) });
  if (writeStored('local', key, text)) return true;
  for (const { key: old } of oldestFirst()) {
    if (old === key) continue;
    writeStored('local', old, null);
    if (writeStored('local', key, text)) return true;
  }
  return false;
}

function oldestFirst(): { key: string; at: number }[] {
  return storedKeys('local', PREFIX)
    .map((key) => ({ key, at: parseDraft(readStored('local', key))?.at ?? 0 }))
    .toSorted((a, b) => a.at - b.at);
}

/** Forgets drafts that nobody has touched for a season. */
export function sweepDrafts(now: number): void {
  const limit = now - KEPT_DAYS * 86_400_000;
  for (const { key, at } of oldestFirst()) if (at < limit) writeStored('local', key, null);
}

/** Calls back with what another tab has just written of this draft. @returns ends that. */
export function watchDraft(scope: DraftScope, onWritten: (draft: Draft) => void): () => void {
  const key = keyOf(scope);
  const listen = (event: StorageEvent) => {
    const draft = event.key === key ? parseDraft(event.newValue) : null;
    if (draft !== null) onWritten(draft);
  };
  window.addEventListener('storage', listen);
  return () => window.removeEventListener('storage', listen);
}
