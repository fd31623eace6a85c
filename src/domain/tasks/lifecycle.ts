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

const JUDGED_KINDS: readonly TaskKind[] = ['problem', 'review'];
const OPEN_OR_DONE: readonly TaskStatus[] = ['scheduled', 'in_progress', 'completed'];

/**
 * Which tasks take the commands that are written without being read first. The table `task_transitions` of the database
 * holds the same, row by row: its statements ask there.
 */
export const TASK_COMMANDS = {
  /** On a task that is in progress already it changes nothing. */
  start: { from: ['scheduled'], kinds: ANY_KIND },
  submit: { from: OPEN_OR_DONE, kinds: JUDGED_KINDS },
  evaluate: { from: OPEN_OR_DONE, kinds: JUDGED_KINDS },
} as const satisfies Record<string, Transition>;
export type TaskCommand = keyof typeof TASK_COMMANDS;

/** Whether a learner may ask for a hint: one that was given up or missed gives none. */
export function givesHints({ status }: { status: TaskStatus }): boolean {
  return OPEN_OR_DONE.includes(status);
}

/** Whether a task takes a command in the status that it has. */
export function takesCommand(
  command: TaskCommand,
  { status, kind }: { status: TaskStatus; kind: TaskKind },
): boolean {
  const { from, kinds }: Transition = TASK_COMMANDS[command];
  return from.includes(status) && kinds.includes(kind);
}

/** A started task gets at least this long before it expires */
export const GRACE_HOURS = 24;
