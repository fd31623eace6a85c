import type { TaskFact } from '#contract/events.ts';
import type { Evaluation } from '#contract/submissions.ts';
import type { Task } from '#contract/tasks.ts';
import { isResult } from '#contract/vocabulary.ts';

/**
 * What the log tells of one judging. Code, error message and tests are not in the log, for they are the learner's text; when the cron tries again is its own business.
 */
export type JudgingState = Omit<Evaluation, 'error_message' | 'tests'> & {
  engine: string | null;
  time_spent_seconds: number | null;
};

/** A task and its judgings, by id, as its events have made them. */
export type TaskState = { task: Task; judgings: ReadonlyMap<string, JudgingState> };

/** A fact of a task with its place in the log. */
export type Told = { fact: TaskFact; seq: number; occurred_at: string };

/** Keys of `metadata` that stay when what was typed is erased. */
const KEPT_METADATA = ['evaluation', 'first_score', 'repeat', 'compile_errors', 'replanned'];

/** The part of a task that the effect of a fact depends on. */
type Before = Pick<Task, 'metadata' | 'attempts' | 'pending_evaluations'>;

type Evaluated = Extract<TaskFact, { event_type: 'evaluated' }>;

/** A result brings score and summary; a CE only counts among those that did not compile. */
function judgedChange(task: Before, { payload }: Evaluated): Pick<Task, 'metadata'> & Partial<Task> {
  const { submission_id, verdict, test_cases_passed, test_cases_total, runtime_ms, memory_mb } = payload;
  const { best_score, first_score, repeat, compile_errors = 0, rule_version } = payload;
  const counted = compile_errors > 0 || task.metadata.compile_errors !== undefined ? { compile_errors } : {};
  const metadata = { ...task.metadata, ...counted };
  if (!isResult(verdict) && rule_version > 1) return { metadata };
  const result = { submission_id, verdict, test_cases_passed, test_cases_total, runtime_ms, memory_mb };
  const evaluation = { ...result, attempts: task.attempts };
  const again = repeat === undefined ? {} : { repeat };
  return { score: best_score, metadata: { ...metadata, evaluation, first_score, ...again } };
}

/**
 * What a fact does to the columns of its task, beside `version`. The live code takes its columns from here, and so does
 * every replay.
 */
export function taskChange(task: Before, fact: TaskFact): Partial<Task> {
  switch (fact.event_type) {
    case 'started': {
      const { started_at, expires_at } = fact.payload;
      return { status: 'in_progress', started_at, expires_at };
    }
    case 'submitted':
      return { attempts: fact.payload.attempt, pending_evaluations: task.pending_evaluations + 1 };
    case 'evaluation_requested':
      return { pending_evaluations: task.pending_evaluations + 1 };
    case 'evaluation_failed':
      return { pending_evaluations: task.pending_evaluations - 1 };
    case 'evaluated':
      return { ...judgedChange(task, fact), pending_evaluations: task.pending_evaluations - 1 };
    case 'hint_requested':
      return { hints_used: fact.payload.hints_used };
    case 'status_changed': {
      const { to, at, reason, time_spent_seconds, replanned, day = null } = fact.payload;
      const skip = {
        ...(reason === null ? {} : { skip_reason: reason }),
        ...(replanned === undefined ? {} : { replanned }),
      };
      return {
        status: to,
        ...(to === 'completed' ? { completed_at: at, completed_day: day } : {}),
        ...(to === 'completed' || to === 'skipped' ? { time_spent_seconds } : {}),
        ...(Object.keys(skip).length === 0 ? {} : { metadata: { ...task.metadata, ...skip } }),
      };
    }
    case 'metadata_changed':
      return { metadata: { ...task.metadata, ...fact.payload.metadata } };
    case 'erased': {
      const kept = Object.entries(task.metadata).filter(([key]) => KEPT_METADATA.includes(key));
      return { metadata: Object.fromEntries(kept) };
    }
    case 'created':
    case 'tutor_interaction':
    case 'mastery_changed':
    case 'difficulty_changed':
    case 'graded':
    case 'grade_undone':
      return {};
    default:
      return fact satisfies never;
  }
}

/** A task after events that follow its newest one. */
export function foldTask(task: Task, facts: readonly TaskFact[]): Task {
  let after = task;
  for (const fact of facts) after = { ...after, ...taskChange(after, fact), version: after.version + 1 };
  return after;
}

/** The task that a `created` fact begins. */
function begun(id: string, { fact, occurred_at }: Told): Task {
  if (fact.event_type !== 'created') throw new RangeError(`the log of a task begins with ${fact.event_type}`);
  const { card_version: _, ...columns } = fact.payload;
  return {
    id,
    ...columns,
    status: 'scheduled',
    started_at: null,
    completed_at: null,
    completed_day: null,
    score: null,
    time_spent_seconds: null,
    hints_used: 0,
    attempts: 0,
    pending_evaluations: 0,
    version: 1,
    created_at: occurred_at,
  };
}

const PENDING = {
  status: 'pending',
  verdict: null,
  test_cases_passed: null,
  test_cases_total: null,
  score: null,
  runtime_ms: null,
  memory_mb: null,
  hidden: null,
  content_hash: null,
  engine: null,
  evaluated_at: null,
} as const;

/** The judging that a fact begins or settles; null for any other fact. */
function judgingAfter(known: TaskState['judgings'], { fact, occurred_at }: Told): JudgingState | null {
  switch (fact.event_type) {
    case 'submitted': {
      const { evaluation_id: id, submission_id, attempt, run, language, time_spent_seconds } = fact.payload;
      const { day = null } = fact.payload;
      const sent = { id, submission_id, attempt, run, language, time_spent_seconds, day };
      return { ...sent, ...PENDING, created_at: occurred_at };
    }
    case 'evaluation_requested': {
      const { evaluation_id: id, submission_id, attempt, run } = fact.payload;
      const first = [...known.values()].find((judging) => judging.submission_id === submission_id);
      if (first === undefined) throw new RangeError(`submission ${submission_id} is unknown`);
      const { language, time_spent_seconds, day } = first;
      return {
        id,
        submission_id,
        attempt,
        run,
        language,
        time_spent_seconds,
        day,
        ...PENDING,
        created_at: occurred_at,
      };
    }
    case 'evaluated': {
      const { evaluation_id, verdict, test_cases_passed, test_cases_total, score } = fact.payload;
      const { runtime_ms, memory_mb, hidden, content_hash, engine } = fact.payload;
      const judging = known.get(evaluation_id);
      if (judging === undefined) throw new RangeError(`evaluation ${evaluation_id} is unknown`);
      return {
        ...judging,
        status: 'evaluated',
        ...{ verdict, test_cases_passed, test_cases_total, score, runtime_ms, memory_mb },
        ...{ hidden, content_hash, engine },
        evaluated_at: occurred_at,
      };
    }
    case 'evaluation_failed': {
      const judging = known.get(fact.payload.evaluation_id);
      if (judging === undefined) throw new RangeError(`evaluation ${fact.payload.evaluation_id} is unknown`);
      return { ...judging, status: 'failed', verdict: fact.payload.verdict, evaluated_at: occurred_at };
    }
    default:
      return null;
  }
}

/**
 * One step of a replay: the task and its judgings after an event. Null is a task without events.
 * @throws RangeError for an event that cannot follow: not the next number, no `created` in front, an unknown judging.
 */
export function evolveTask(state: TaskState | null, taskId: string, told: Told): TaskState {
  if (told.seq !== (state?.task.version ?? 0) + 1)
    throw new RangeError(`event ${told.seq} is not the next one`);
  if (state === null) return { task: begun(taskId, told), judgings: new Map() };
  if (told.fact.event_type === 'created') throw new RangeError('a task is created twice');
  const task = { ...state.task, ...taskChange(state.task, told.fact), version: told.seq };
  const judging = judgingAfter(state.judgings, told);
  if (judging === null) return { task, judgings: state.judgings };
  return { task, judgings: new Map(state.judgings).set(judging.id, judging) };
}
