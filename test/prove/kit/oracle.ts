import type { EventRow } from './snapshot.ts';

const HOUR = 3_600_000;
/** Milliseconds that a judging waits at least before it is given up, by cause. Of faults the row tells how many there were. */
const GIVEN_UP_AFTER: Record<string, number> = {
  'no-result-in-24-hours': 24 * HOUR,
  'three-judge-faults': 0,
};
const TERMINAL = new Set(['completed', 'skipped', 'expired']);

type Judging = {
  submission: string;
  attempt: number;
  run: number;
  status: string;
  verdict: string | null;
  submitted: number;
  /** Why it was given up. */
  cause: string | null;
  day: string;
};

/**
 * A task as its log tells it. This is the lifecycle written down a second time, without a look at the product's rules; the
 * two have to agree.
 */
export type TaskState = {
  kind: string;
  status: string;
  version: number;
  score: number | null;
  startedAt: number | null;
  completedAt: number | null;
  completedDay: string | null;
  expiresAt: number;
  timeSpent: number | null;
  hints: number;
  attempts: number;
  pending: number;
  metadata: Record<string, unknown>;
  /** By evaluation id. */
  judgings: ReadonlyMap<string, Judging>;
  hintIds: ReadonlySet<string>;
  /** The newest event obliges the next one to complete the task. */
  owesCompletion: boolean;
};

type Rules = { completion: string };

/** What the log says that must not be. */
export class Broken extends Error {}

function must(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Broken(what);
}

/** Milliseconds since 1970 of a timestamp. */
export const timeOf = (value: unknown) =>
  value === null || value === undefined ? null : Date.parse(String(value));
/** The learner's day: the paths of the proofs have no zone, so days are those of UTC from four o'clock on. */
export const dayOf = (occurred: number) => new Date(occurred - 4 * HOUR).toISOString().slice(0, 10);
const sentOn = ({ judgings }: TaskState, day: unknown) =>
  [...judgings.values()].some((judging) => judging.day === day);
const number = (value: unknown) => (value === null ? null : Number(value));

function created({ payload }: EventRow): TaskState {
  return {
    kind: String(payload.kind),
    status: 'scheduled',
    version: 1,
    score: null,
    startedAt: null,
    completedAt: null,
    completedDay: null,
    expiresAt: Date.parse(String(payload.expires_at)),
    timeSpent: null,
    hints: 0,
    attempts: 0,
    pending: 0,
    metadata: payload.metadata as Record<string, unknown>,
    judgings: new Map(),
    hintIds: new Set(),
    owesCompletion: false,
  };
}

function judgingChanged(
  state: TaskState,
  id: string,
  { status, verdict, cause = null }: { status: string; verdict: string; cause?: string | null },
): TaskState {
  const judging = state.judgings.get(id);
  must(judging !== undefined, `a result for the unknown evaluation ${id}`);
  must(judging.status === 'pending', `a second result for the evaluation ${id}`);
  const judgings = new Map(state.judgings).set(id, { ...judging, status, verdict, cause });
  return { ...state, pending: state.pending - 1, judgings };
}

/** Submissions whose newest judging with a verdict says that they did not compile. */
function uncompiledIn(judgings: TaskState['judgings']): number {
  const newest = new Map<string, Judging>();
  for (const judging of judgings.values()) {
    const known = newest.get(judging.submission);
    if (judging.status === 'evaluated' && (known === undefined || known.run < judging.run))
      newest.set(judging.submission, judging);
  }
  return [...newest.values()].filter(({ verdict }) => verdict === 'CE').length;
}

function evaluated(state: TaskState, { payload }: EventRow, rules: Rules): TaskState {
  const after = judgingChanged(state, String(payload.evaluation_id), {
    status: 'evaluated',
    verdict: String(payload.verdict),
  });
  must(!['skipped', 'expired'].includes(state.status), `a result for a task that is ${state.status}`);
  const { submission_id, verdict, test_cases_passed, test_cases_total, runtime_ms, memory_mb } = payload;
  const score = Number(test_cases_passed) / Number(test_cases_total);
  must(payload.score === score, `score ${payload.score} of ${test_cases_passed}/${test_cases_total}`);
  const isResult = verdict !== 'CE';
  const best = isResult ? Math.max(score, state.score ?? 0) : state.score;
  must(payload.best_score === best, `best score ${payload.best_score} instead of ${best}`);
  const first = state.metadata.first_score ?? (isResult ? score : null);
  must(payload.first_score === first, `first score ${payload.first_score} instead of ${first}`);
  const again = payload.repeat === undefined ? {} : { repeat: true };
  if (payload.repeat === true) must(isResult && state.metadata.first_score === undefined, 'a later repeat');
  const uncompiled = uncompiledIn(after.judgings);
  must(
    payload.compile_errors === uncompiled,
    `${payload.compile_errors} instead of ${uncompiled} did not compile`,
  );
  const counted =
    uncompiled > 0 || state.metadata.compile_errors !== undefined ? { compile_errors: uncompiled } : {};
  if (!isResult) return { ...after, metadata: { ...state.metadata, ...counted } };
  const attempts = state.attempts;
  const summary = {
    submission_id,
    verdict,
    test_cases_passed,
    test_cases_total,
    runtime_ms,
    memory_mb,
    attempts,
  };
  return {
    ...after,
    score: best,
    metadata: { ...state.metadata, ...counted, evaluation: summary, first_score: first, ...again },
    owesCompletion: state.status === 'in_progress' && (rules.completion !== 'until_passed' || score === 1),
  };
}

function statusChanged(state: TaskState, { payload, occurred, actor }: EventRow): TaskState {
  const { from, to, reason, day } = payload;
  must(from === state.status, `a move out of ${from} while ${state.status}`);
  must(!TERMINAL.has(state.status), `a move out of ${state.status}`);
  const timeSpent = number(payload.time_spent_seconds);
  const after = { ...state, owesCompletion: false, status: String(to) };
  switch (to) {
    case 'completed':
      must(state.status === 'in_progress', `completed from ${state.status}`);
      // A lesson is read to its end, a problem with a result may be set aside.
      must(
        state.owesCompletion || state.kind === 'lesson' || state.score !== null,
        `a ${state.kind} completed without a result`,
      );
      must(state.owesCompletion || state.pending === 0, 'completed while a submission was being judged');
      // A result counts on the day its code was sent, an end without one on the day it was asked for.
      must(
        state.owesCompletion ? sentOn(state, day) : day === dayOf(occurred),
        `a ${state.kind} completed on ${day}`,
      );
      return { ...after, completedAt: timeOf(payload.at), completedDay: String(day), timeSpent };
    case 'skipped':
      must(state.pending === 0, 'skipped while a submission was being judged');
      if (payload.replanned === true) {
        must(actor.type === 'system', 'replaced by a learner');
        must(state.status === 'scheduled' && state.hints === 0, 'replaced after it was begun');
        must(reason === 'replanned', `replaced for ${reason}`);
        const metadata = { ...state.metadata, skip_reason: reason, replanned: true };
        return { ...after, timeSpent: null, metadata };
      }
      must(day === dayOf(occurred), `skipped on ${day}`);
      return {
        ...after,
        timeSpent: state.startedAt === null ? state.timeSpent : timeSpent,
        metadata: reason === null ? state.metadata : { ...state.metadata, skip_reason: reason },
      };
    case 'expired':
      must(state.pending === 0, 'expired while a submission was being judged');
      must(state.score === null, 'expired with a result');
      must(occurred >= state.expiresAt, 'expired before its time');
      must(actor.type === 'system', 'expired by a learner');
      return after;
    default:
      throw new Broken(`a move to ${to}`);
  }
}

function submitted(state: TaskState, { payload, occurred }: EventRow): TaskState {
  const { evaluation_id, submission_id, attempt, run, day } = payload;
  must(day === dayOf(occurred), `sent on ${day}`);
  must(['in_progress', 'completed'].includes(state.status), `a submission to a task that is ${state.status}`);
  must(state.kind !== 'lesson', 'a submission to a lesson');
  must(attempt === state.attempts + 1 && run === 1, `attempt ${attempt} after ${state.attempts}`);
  const known = [...state.judgings.values()].some(({ submission }) => submission === submission_id);
  must(!known && !state.judgings.has(String(evaluation_id)), `submission ${submission_id} stored twice`);
  const judging = {
    submission: String(submission_id),
    attempt: state.attempts + 1,
    run: 1,
    status: 'pending',
    verdict: null,
    submitted: occurred,
    cause: null,
    day: String(day),
  };
  const judgings = new Map(state.judgings).set(String(evaluation_id), judging);
  return { ...state, attempts: state.attempts + 1, pending: state.pending + 1, judgings };
}

function requested(state: TaskState, { payload, occurred }: EventRow): TaskState {
  must(!['skipped', 'expired'].includes(state.status), `judged again while ${state.status}`);
  const runs = [...state.judgings.values()].filter(({ submission }) => submission === payload.submission_id);
  const newest = Math.max(0, ...runs.map(({ run }) => run));
  must(newest > 0 && payload.run === newest + 1, `run ${payload.run} after ${newest}`);
  must(
    runs.every(({ status }) => status !== 'pending'),
    'judged again while it is being judged',
  );
  const judging = {
    submission: String(payload.submission_id),
    attempt: Number(payload.attempt),
    run: newest + 1,
    status: 'pending',
    verdict: null,
    submitted: occurred,
    cause: null,
    day: runs[0]?.day ?? '',
  };
  return {
    ...state,
    pending: state.pending + 1,
    judgings: new Map(state.judgings).set(String(payload.evaluation_id), judging),
  };
}

function changed(state: TaskState, event: EventRow, rules: Rules): TaskState {
  const { payload, event_type, occurred } = event;
  switch (event_type) {
    case 'created':
      throw new Broken('created twice');
    case 'started': {
      must(state.status === 'scheduled', `started while ${state.status}`);
      const startedAt = Date.parse(String(payload.started_at));
      const expiresAt = Math.max(state.expiresAt, startedAt + 24 * HOUR);
      must(Date.parse(String(payload.expires_at)) === expiresAt, 'the wrong expiry after a start');
      return { ...state, status: 'in_progress', startedAt, expiresAt };
    }
    case 'submitted':
      return submitted(state, event);
    case 'evaluation_requested':
      return requested(state, event);
    case 'evaluated':
      return evaluated(state, event, rules);
    case 'evaluation_failed': {
      const judging = state.judgings.get(String(payload.evaluation_id));
      const cause = String(payload.cause);
      must(Object.hasOwn(GIVEN_UP_AFTER, cause), `given up because of ${cause}`);
      const least = GIVEN_UP_AFTER[cause] ?? Number.NaN;
      must(judging !== undefined && occurred - judging.submitted >= least, 'given up within 24 hours');
      return judgingChanged(state, String(payload.evaluation_id), { status: 'failed', verdict: 'IE', cause });
    }
    case 'status_changed':
      return statusChanged(state, event);
    case 'metadata_changed':
      return { ...state, metadata: { ...state.metadata, ...(payload.metadata as object) } };
    case 'hint_requested':
      must(payload.hints_used === state.hints + 1, `hint ${payload.hints_used} after ${state.hints}`);
      must(!state.hintIds.has(String(payload.hint_id)), 'one hint counted twice');
      return {
        ...state,
        hints: state.hints + 1,
        hintIds: new Set([...state.hintIds, String(payload.hint_id)]),
      };
    case 'tutor_interaction':
    case 'mastery_changed':
    case 'difficulty_changed':
    case 'graded':
    case 'grade_undone':
      return state;
    case 'erased':
      throw new Broken('texts erased, which no verb of a history does');
  }
}

/**
 * The states that a log leads through; the one at index `n` is after event `n + 1`.
 * @throws Broken at the first event that is out of place.
 */
export function statesOf(log: readonly EventRow[], rules: Rules): TaskState[] {
  const states: TaskState[] = [];
  for (const [index, event] of log.entries()) {
    must(event.seq === index + 1, `event ${event.seq} at place ${index + 1}`);
    const before = states.at(-1);
    if (before === undefined) {
      must(event.event_type === 'created', `a log that begins with ${event.event_type}`);
      states.push(created(event));
      continue;
    }
    const completes = event.event_type === 'status_changed' && event.payload.to === 'completed';
    must(!before.owesCompletion || completes, 'a result that did not complete its task');
    states.push({ ...changed(before, event, rules), version: event.seq });
  }
  must(states.length > 0, 'a task without a log');
  must(states.at(-1)?.owesCompletion !== true, 'a result that did not complete its task');
  return states;
}
