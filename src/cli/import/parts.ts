import type { StoredEvent, StoredJudging } from '#contract/export.ts';
import type { Seal } from '../keys/ring.ts';
import type { Learning, Placed, Restored } from './restored.ts';
import type { PartKind } from './statements.ts';

/** Whose rows they become, and how texts are sealed. */
export type Owner = { learnerId: string; seal: Seal };

/** Rows of one kind as JSON: as many as one request takes. */
export type Part = { kind: PartKind; json: string };

/** Bytes of a part, unless one row alone has more; Neon takes 10 MiB. */
const PART_BYTES = 2_000_000;

function sealedEvaluation(
  { learnerId, seal }: Owner,
  { code, error_message, tests, ...evaluation }: StoredJudging,
) {
  const { id, task_id: taskId, submission_id } = evaluation;
  const output = error_message === null && tests === null ? null : JSON.stringify({ error_message, tests });
  return {
    ...evaluation,
    code: seal(code ?? '', { table: 'task_evaluations', learnerId, taskId, rowId: submission_id }),
    output:
      output === null
        ? null
        : seal(output, { table: 'task_evaluations.output', learnerId, taskId, rowId: id }),
  };
}

/** The transcript's digest in the payload is that of the plain text, so that it fits the newly sealed one too. */
function sealedEvent({ learnerId, seal }: Owner, { transcript, ...event }: Placed<StoredEvent>) {
  if (transcript === null || event.event_type !== 'tutor_interaction') return { ...event, sealed: null };
  const place = { table: 'task_events', learnerId, taskId: event.task_id, rowId: event.payload.hint_id };
  return { ...event, sealed: seal(transcript, place) };
}

function* partsOf(kind: PartKind, rows: Iterable<unknown>): Generator<Part> {
  let texts: string[] = [];
  let bytes = 0;
  for (const row of rows) {
    const text = JSON.stringify(row);
    texts.push(text);
    bytes += Buffer.byteLength(text);
    if (bytes < PART_BYTES) continue;
    yield { kind, json: `[${texts}]` };
    texts = [];
    bytes = 0;
  }
  if (texts.length > 0) yield { kind, json: `[${texts}]` };
}

/** Events of tasks and learner in one order: each gets its new place when it is written. */
function* eventParts(owner: Owner, { tasks, learnerEvents }: Pick<Restored, 'tasks' | 'learnerEvents'>) {
  const byPlace = (a: { position: number }, b: { position: number }) => a.position - b.position;
  const events = tasks.flatMap((task) => task.events).toSorted(byPlace);
  let at = 0;
  for (const own of learnerEvents.toSorted(byPlace)) {
    const until = events.findIndex(({ position }, index) => index >= at && position > own.position);
    const end = until === -1 ? events.length : until;
    yield* partsOf(
      'events',
      events.slice(at, end).map((event) => sealedEvent(owner, event)),
    );
    yield* partsOf('learner_events', [own]);
    at = end;
  }
  yield* partsOf(
    'events',
    events.slice(at).map((event) => sealedEvent(owner, event)),
  );
}

/** Everything that is to be written, in an order in which each row finds what it names. */
export function* allParts(
  owner: Owner,
  { paths, tasks, learnerEvents }: Pick<Restored, 'paths' | 'tasks' | 'learnerEvents'>,
  learning: Learning,
): Generator<Part> {
  yield* partsOf(
    'paths',
    paths.map(({ path }) => path),
  );
  yield* partsOf(
    'path_events',
    paths.flatMap(({ events }) => events),
  );
  yield* partsOf(
    'tasks',
    tasks.map(({ task }) => task),
  );
  yield* partsOf(
    'evaluations',
    tasks.flatMap(({ evaluations }) => evaluations.map((evaluation) => sealedEvaluation(owner, evaluation))),
  );
  yield* eventParts(owner, { tasks, learnerEvents });
  for (const kind of ['mastery', 'module_states', 'review_queue', 'review_log'] as const)
    yield* partsOf(kind, learning[kind]);
}
