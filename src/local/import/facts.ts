import type { Actor, TaskFact } from '#contract/events.ts';
import type { ExportedTask, StoredEvent, StoredJudging } from '#contract/export.ts';
import { derivedId } from './ids.ts';

/** `metadata` keys that later events bring; the rest was there from the beginning. */
const LATER_METADATA = ['evaluation', 'first_score', 'skip_reason'];
const ACTOR: Actor = { type: 'system', job: 'import' };
/** Rules by which the results were settled; an export does not tell, and there is only one version so far. */
const RULE_VERSION = 1;

/** The day of an event, if the file knows it. */
const dayOf = (day: string | null) => (day === null ? {} : { day });

type Dated = { at: string; fact: TaskFact };

function created(task: ExportedTask): Dated {
  const { path_id, kind, problem_id, module, topic_tags, difficulty, scheduled_at, expires_at } = task;
  const metadata = Object.fromEntries(
    Object.entries(task.metadata).filter(([key]) => !LATER_METADATA.includes(key)),
  );
  const payload = {
    path_id,
    kind,
    problem_id,
    module,
    topic_tags,
    difficulty,
    scheduled_at,
    expires_at,
    metadata,
  };
  return { at: task.created_at, fact: { event_type: 'created', schema_version: 1, payload } };
}

function started({ started_at, expires_at }: ExportedTask): Dated[] {
  if (started_at === null) return [];
  const payload = { started_at, expires_at };
  return [{ at: started_at, fact: { event_type: 'started', schema_version: 1, payload } }];
}

/** The row only counts hints: each gets the rung that follows the one before, at the time of the start. */
function hints(task: ExportedTask): Dated[] {
  return Array.from({ length: task.hints_used }, (_, index) => ({
    at: task.started_at ?? task.created_at,
    fact: {
      event_type: 'hint_requested',
      schema_version: 1,
      payload: {
        hint_id: derivedId(task.id, 'hint', String(index)),
        level: index + 1,
        hints_used: index + 1,
      },
    },
  }));
}

function judgings(task: ExportedTask, evaluations: readonly StoredJudging[]): Dated[] {
  const facts: Dated[] = [];
  const { first_score } = task.metadata;
  let best = 0;
  for (const evaluation of evaluations) {
    const { id: evaluation_id, submission_id, attempt, run, language, verdict, score } = evaluation;
    const judged = { evaluation_id, submission_id, attempt, run };
    const { time_spent_seconds } = evaluation;
    const code_bytes = Buffer.byteLength(evaluation.code ?? '');
    facts.push({
      at: evaluation.created_at,
      fact: {
        event_type: 'submitted',
        schema_version: 1,
        payload: { ...judged, language, code_bytes, time_spent_seconds, ...dayOf(evaluation.day) },
      },
    });
    const at = evaluation.evaluated_at ?? evaluation.created_at;
    if (evaluation.status === 'failed') {
      const payload = { ...judged, verdict: 'IE' as const, cause: 'unknown' };
      facts.push({ at, fact: { event_type: 'evaluation_failed', schema_version: 1, payload } });
    }
    if (evaluation.status !== 'evaluated' || verdict === null || score === null) continue;
    best = Math.max(best, score);
    facts.push({
      at,
      fact: {
        event_type: 'evaluated',
        schema_version: 1,
        payload: {
          ...judged,
          verdict,
          test_cases_passed: evaluation.test_cases_passed ?? 0,
          test_cases_total: evaluation.test_cases_total ?? 1,
          score,
          runtime_ms: evaluation.runtime_ms ?? 0,
          memory_mb: evaluation.memory_mb ?? 0,
          hidden: evaluation.hidden,
          content_hash: evaluation.content_hash ?? '',
          engine: evaluation.engine ?? '',
          best_score: best,
          first_score: typeof first_score === 'number' ? first_score : score,
          rule_version: RULE_VERSION,
        },
      },
    });
  }
  return facts;
}

/** How the task ended. Nobody wrote down when it was skipped: that was after everything else that is known. */
function ended(task: ExportedTask, latest: string): Dated[] {
  const { status: to, time_spent_seconds } = task;
  if (to === 'scheduled' || to === 'in_progress') return [];
  const from = task.started_at === null ? 'scheduled' : 'in_progress';
  const at = { completed: task.completed_at ?? latest, expired: task.expires_at, skipped: latest }[to];
  const { skip_reason } = task.metadata;
  const reason = typeof skip_reason === 'string' ? skip_reason : null;
  const payload = { from, to, at, reason, time_spent_seconds, ...dayOf(task.completed_day) } as const;
  return [{ at, fact: { event_type: 'status_changed', schema_version: 1, payload } }];
}

/**
 * The events that an exported task must have had, made from its row and its submissions: its version is then their
 * number. Figures that only the lost events held (a hint's rung, the time of a skip) are the plainest ones that fit.
 */
export function factsOf(task: ExportedTask, evaluations: readonly StoredJudging[]): StoredEvent[] {
  const known = [...started(task), ...hints(task), ...judgings(task, evaluations)];
  const latest = [task.created_at, ...known.map(({ at }) => at)].toSorted().at(-1) ?? task.created_at;
  // Equal times keep this order (the sort is stable): a start before the submission that caused it.
  const later = [...known, ...ended(task, latest)].toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return [created(task), ...later].map(({ at, fact }, index) => ({
    ...fact,
    id: derivedId(task.id, 'event', String(index + 1)),
    task_id: task.id,
    seq: index + 1,
    actor: ACTOR,
    request_id: null,
    occurred_at: at,
    created_at: at,
    transcript: null,
  }));
}
