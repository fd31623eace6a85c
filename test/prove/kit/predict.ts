import type { TaskState } from './oracle.ts';

/** A command on one task, as the rules of the product know it; the sender chooses ids. */
export type TaskCommand =
  | { verb: 'start' }
  | { verb: 'skip'; reason: string | null }
  | { verb: 'begin' }
  | { verb: 'complete' }
  | { verb: 'note'; value: number; ifMatch: 'none' | 'newest' | 'stale' }
  | { verb: 'submit'; pass: number; language: 'python' | 'javascript' }
  | { verb: 'run'; pass: number }
  | { verb: 'evaluate'; submission: number | null }
  | { verb: 'hint' }
  | { verb: 'grade'; grade: 'again' | 'hard' | 'good' | 'easy' }
  | { verb: 'ungrade' }
  | { verb: 'undo' }
  | { verb: 'read' };

export type Expected = { statuses: readonly number[]; events: readonly string[] };

/** What the request named when it was sent. */
export type Sent = {
  /** Version in `If-Match`. */
  version: number | null;
  submission: string | null;
  /** Whether the task's problem takes the language. */
  takesLanguage: boolean;
};

const ALL_KINDS = ['problem', 'review', 'lesson'];
const SUBMITTABLE = ['scheduled', 'in_progress', 'completed'];
const REFUSED: Expected = { statuses: [409], events: [] };
const ok = (...events: string[]): Expected => ({ statuses: [200], events });
const accepted = (...events: string[]): Expected => ({ statuses: [200, 202], events });

/** Metadata that a note writes. */
export function noteOf(value: number): Record<string, unknown> {
  return { note: value, [`n${value}`]: ['é', { deep: value }] };
}

function move(state: TaskState, to: string, from: string[], kinds: string[]): Expected {
  if (state.status === to) return ok();
  const allowed = from.includes(state.status) && kinds.includes(state.kind);
  const waits = to !== 'in_progress' && state.pending > 0;
  if (!allowed || waits) return REFUSED;
  return ok(to === 'in_progress' ? 'started' : 'status_changed');
}

function evaluate(state: TaskState, submission: string | null): Expected {
  const newest = new Map<string, { attempt: number; run: number; status: string }>();
  for (const judging of state.judgings.values()) {
    const known = newest.get(judging.submission);
    if (known === undefined || known.run < judging.run) newest.set(judging.submission, judging);
  }
  const target =
    submission === null
      ? [...newest.values()]
          .filter(({ status }) => status !== 'evaluated')
          .toSorted((a, b) => b.attempt - a.attempt)[0]
      : newest.get(submission);
  if (target === undefined) return { statuses: submission === null ? [409] : [404], events: [] };
  if (target.status === 'pending') return accepted();
  return SUBMITTABLE.includes(state.status) ? accepted('evaluation_requested') : REFUSED;
}

/**
 * What a command must do to a task in this state, by the decisions alone: the status of the answer, and the events that it
 * appends at once. Results, hints and reviews have events of their own, which the oracle checks.
 */
export function predict(command: TaskCommand, state: TaskState, sent: Sent): Expected {
  const judgedKind = state.kind !== 'lesson';
  switch (command.verb) {
    case 'start':
      if (state.status === 'scheduled') return ok('started');
      return state.status === 'in_progress' ? ok() : REFUSED;
    case 'begin':
      return move(state, 'in_progress', ['scheduled'], ['problem', 'review', 'lesson']);
    case 'skip':
      return move(state, 'skipped', ['scheduled', 'in_progress'], ['problem', 'review', 'lesson']);
    case 'complete':
      // A problem with a result is set aside.
      return move(state, 'completed', ['in_progress'], state.score === null ? ['lesson'] : ALL_KINDS);
    case 'note': {
      if (sent.version !== null && sent.version !== state.version) return { statuses: [412], events: [] };
      const same = Object.entries(noteOf(command.value)).every(
        ([key, value]) => JSON.stringify(state.metadata[key]) === JSON.stringify(value),
      );
      return same ? ok() : ok('metadata_changed');
    }
    case 'submit':
      if (!SUBMITTABLE.includes(state.status) || !judgedKind) return REFUSED;
      if (!sent.takesLanguage) return { statuses: [422], events: [] };
      return state.status === 'scheduled' ? accepted('started', 'submitted') : accepted('submitted');
    case 'run':
      return SUBMITTABLE.includes(state.status) && judgedKind ? ok() : REFUSED;
    case 'evaluate':
      return evaluate(state, sent.submission);
    case 'hint':
      return SUBMITTABLE.includes(state.status) ? ok() : REFUSED;
    case 'grade':
    case 'ungrade':
    case 'undo':
      return { statuses: state.score === null ? [409] : [200, 409], events: [] };
    case 'read':
      return ok();
  }
}
