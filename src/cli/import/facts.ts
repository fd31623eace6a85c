import type { TaskFact } from '#contract/events.ts';
import type { ExportedTask, StoredJudging } from '#contract/export.ts';
import { isResult } from '#contract/vocabulary.ts';
import { derivedId } from './ids.ts';

/** `metadata` keys that later events bring; the rest was there from the beginning. */
const LATER_METADATA = ['evaluation', 'first_score', 'compile_errors', 'skip_reason', 'replanned'];
/** Rules of results before a CE counted for nothing, and since. */
const [CE_COUNTS, CE_IS_FREE] = [1, 2];

/** The day of an event, if the file knows it. */
const dayOf = (day: string | null) => (day === null ? {} : { day });

/** A fact and when it happened. */
export type Dated = { at: string; fact: TaskFact };

function created(task: ExportedTask): Dated {
  const { path_id, kind, problem_id, module, topic_tags, difficulty, scheduled_at, expires_at } = task;
  const metadata = Object.fromEntries(
    Object.entries(task.metadata).filter(([key]) => !LATER_METADATA.includes(key)),
  );
  const home = { path_id, kind, problem_id, module, topic_tags, difficulty };
  const payload = { ...home, scheduled_at, expires_at, metadata };
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

function submitted(evaluation: StoredJudging): Dated {
  const { id: evaluation_id, submission_id, attempt, run, language, time_spent_seconds } = evaluation;
  const code_bytes = Math.max(1, Buffer.byteLength(evaluation.code ?? ''));
  const judged = { evaluation_id, submission_id, attempt, run };
  const payload = { ...judged, language, code_bytes, time_spent_seconds, ...dayOf(evaluation.day) };
  return { at: evaluation.created_at, fact: { event_type: 'submitted', schema_version: 1, payload } };
}

/** Scores of a task after the judgings before. */
type Scores = { best: number | null; first: number | null; compileErrors: number; rule: number };

function settled(evaluation: StoredJudging, scores: Scores): Dated | null {
  const { id: evaluation_id, submission_id, attempt, run, verdict, score } = evaluation;
  const judged = { evaluation_id, submission_id, attempt, run };
  const at = evaluation.evaluated_at ?? evaluation.created_at;
  if (evaluation.status === 'failed') {
    const payload = { ...judged, verdict: 'IE' as const, cause: 'unknown' };
    return { at, fact: { event_type: 'evaluation_failed', schema_version: 1, payload } };
  }
  if (evaluation.status !== 'evaluated' || verdict === null || score === null) return null;
  const counts = isResult(verdict) || scores.rule === CE_COUNTS;
  if (counts) {
    scores.best = Math.max(scores.best ?? 0, score);
    scores.first ??= score;
  }
  if (verdict === 'CE') scores.compileErrors += 1;
  const payload = {
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
    best_score: scores.best,
    first_score: scores.first,
    ...(scores.rule === CE_COUNTS ? {} : { compile_errors: scores.compileErrors }),
    rule_version: scores.rule,
  };
  return { at, fact: { event_type: 'evaluated', schema_version: 1, payload } };
}

/** The rule that a task was settled by: only the newer one counts what did not compile. */
function ruleOf({ metadata }: ExportedTask, evaluations: readonly StoredJudging[]): number {
  const compiled = evaluations.every(({ verdict }) => verdict !== 'CE');
  return compiled || metadata.compile_errors !== undefined ? CE_IS_FREE : CE_COUNTS;
}

function judgings(task: ExportedTask, evaluations: readonly StoredJudging[], rejudged: boolean): Dated[] {
  const { first_score } = task.metadata;
  const scores: Scores = { best: null, first: null, compileErrors: 0, rule: ruleOf(task, evaluations) };
  // Results that a later run has replaced are not in the file: the task's own scores are all that is left of them.
  if (rejudged && typeof first_score === 'number') scores.first = first_score;
  const bySettling = evaluations.toSorted(
    (a, b) => Date.parse(a.evaluated_at ?? a.created_at) - Date.parse(b.evaluated_at ?? b.created_at),
  );
  const results = bySettling.flatMap((evaluation) => settled(evaluation, scores) ?? []);
  const last = results.findLast(({ fact }) => fact.event_type === 'evaluated')?.fact;
  if (rejudged && last?.event_type === 'evaluated') last.payload.best_score = task.score;
  return [...evaluations.map(submitted), ...results];
}

/** How the task ended. Nobody wrote down when it was skipped: that was after everything else that is known. */
function ended(task: ExportedTask, latest: string): Dated[] {
  const { status: to, time_spent_seconds } = task;
  if (to === 'scheduled' || to === 'in_progress') return [];
  const from = task.started_at === null ? 'scheduled' : 'in_progress';
  const at = { completed: task.completed_at ?? latest, expired: task.expires_at, skipped: latest }[to];
  const { skip_reason, replanned } = task.metadata;
  const reason = typeof skip_reason === 'string' ? skip_reason : null;
  const why = replanned === true ? { reason, replanned } : { reason };
  const payload = { from, to, at, ...why, time_spent_seconds, ...dayOf(task.completed_day) } as const;
  return [{ at, fact: { event_type: 'status_changed', schema_version: 1, payload } }];
}

/**
 * The events that an exported task must have had, made from its row and its submissions, in order of time. Figures that
 * only the lost events held (a hint's rung, the time of a skip) are the plainest ones that fit.
 * @param rejudged whether the file holds a later judging of a submission in the place of its first one.
 */
export function factsOf(
  task: ExportedTask,
  evaluations: readonly StoredJudging[],
  rejudged: boolean,
): Dated[] {
  const known = [...started(task), ...hints(task), ...judgings(task, evaluations, rejudged)];
  const times = [task.created_at, ...known.map(({ at }) => at)];
  const latest = times.toSorted((a, b) => Date.parse(a) - Date.parse(b)).at(-1) ?? task.created_at;
  // Equal times keep this order (the sort is stable): a start before the submission that caused it.
  const later = [...known, ...ended(task, latest)].toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return [created(task), ...later];
}
