import type { TaskKind, TaskStatus } from '#contract/vocabulary.ts';

type Transition = { from: readonly TaskStatus[]; kinds: readonly TaskKind[] };

const ANY_KIND: readonly TaskKind[] = ['problem', 'review', 'lesson'];

/**
 * What PATCH may do. Completing a lesson is having read it; a problem or review is completed by its results, or set aside:
 * finished without solving, which takes at least one result.
 */
export const PATCH_TRANSITIONS = {
  in_progress: { from: ['scheduled'], kinds: ANY_KIND },
  skipped: { from: ['scheduled', 'in_progress'], kinds: ANY_KIND },
  completed: { from: ['in_progress'], kinds: ANY_KIND },
} as const satisfies Record<string, Transition>;

/** Statuses out of which `start` moves; it is a no-op on a task that is in progress already. */
export const STARTABLE: readonly TaskStatus[] = ['scheduled'];

/** A started task gets at least this long before it expires */
export const GRACE_HOURS = 24;
