import * as z from 'zod';
import type { EvaluationWithCode, EventPage, ListEvents, TaskDetail } from '#contract/history.ts';
import type { NextTask } from '#contract/paths.ts';
import type { Problem } from '#contract/problem-bank.ts';
import { type CreateTasks, METADATA_LIMIT, type PatchTask, type Task } from '#contract/tasks.ts';
import { localDay } from '#domain/learning/local-day.ts';
import { reviewOrNew } from '#domain/learning/next.ts';
import { type BadTask, planBatch, type TaskSeed } from '#domain/tasks/batch.ts';
import { foldTask } from '#domain/tasks/evolve.ts';
import { decidePatch } from '#domain/tasks/patch.ts';
import { without } from '../clients/without.ts';
import type { Context } from '../context.ts';
import { pageOf } from '../crypto/cursor-page.ts';
import { openHints } from '../crypto/open-hints.ts';
import { codeSeal, openOutput, outputSeal } from '../crypto/output.ts';
import type { SealedEvaluation } from '../db/evaluations.ts';
import { seedsJson } from '../db/insert-tasks.ts';
import { dayParams } from '../db/learner-day.ts';
import { tasksCharge } from '../durable/charges.ts';
import { paidFor } from '../durable/pay.ts';
import { AppError } from '../errors.ts';
import { readArchived, wholeLog } from '../events/archive/read.ts';
import { hintsWithArchived } from '../events/archived-hints.ts';
import { eventParams } from '../events/params.ts';
import { preconditionFailed } from '../http/etag.ts';
import { planDay } from '../planning/plan-day.ts';
import {
  changeableTask,
  DETAIL_EVENTS,
  type NextFound,
  nextTasks,
  openProblemIds,
  type SealedDetail,
  startTask,
  storeBatch,
  storeChange,
  taskDetail,
  taskEvents,
} from './store.ts';

/** Writers that may come between deciding and writing, one after the other. */
const MOST_DECISIONS = 8;

function refused(task: Task, wish: string): AppError {
  const judging = task.pending_evaluations > 0 ? ' while a submission is being judged' : '';
  const sets = wish === 'completed' && task.kind !== 'lesson' && task.score === null;
  const result = sets ? ' and has no result' : '';
  return new AppError('invalid-transition', {
    detail: `A ${task.kind} that is ${task.status}${result} cannot be ${wish}${judging}.`,
  });
}

/** The bank's copy of the problem, or why there is none: reading a task never fails for the bank's sake. */
async function problemOf(ctx: Context, { problem_id }: Task): Promise<Problem | 'unknown' | 'unavailable'> {
  const problem = await ctx.problemBank
    .get(problem_id, ctx.requestId)
    .catch(without(ctx, 'problem-unavailable', 'unavailable' as const, { problem_id }));
  return problem ?? 'unknown';
}

/** The bank's copy of the problem; null when it has none, or cannot be asked. */
async function problemOrNull(ctx: Context, task: Task): Promise<Problem | null> {
  const problem = await problemOf(ctx, task);
  return typeof problem === 'string' ? null : problem;
}

/** Those of the learner's open problems that have left the bank; none while it cannot say. */
async function goneProblems(ctx: Context, learnerId: string): Promise<string[]> {
  const ids = await openProblemIds(ctx.db, learnerId);
  const known = await ctx.problemBank
    .getMany(ids, ctx.requestId)
    .catch(without(ctx, 'problems-unavailable', null));
  return known === null ? [] : ids.filter((id) => !known.has(id));
}

/** The next one of what may be next: see `reviewOrNew` for reviews and new tasks that wait together. */
function comesNext(found: NextFound, now: string): Task | null {
  const { in_progress, review, later_review, new_task, last_new_at, reviews_since } = found;
  if (in_progress !== null) return in_progress;
  if (review === null || new_task === null) return review ?? new_task ?? later_review;
  const dayOf = (at: string) => localDay(found.calendar, at).day;
  const turn = reviewOrNew({
    today: dayOf(now),
    newTaskDay: dayOf(new_task.scheduled_at),
    lastNewDay: last_new_at === null ? null : dayOf(last_new_at),
    reviewsSince: reviews_since,
  });
  return turn === 'new' ? new_task : review;
}

/** Problems found to be gone, one after the other, while the catalogue still lists them. */
const MOST_GONE = 8;

/**
 * The task to do now and its problem: one in progress first, then reviews of all paths and new tasks in turn. The first
 * request of a day plans the day before it looks, and so does one that finds nothing: no learner waits for a cron. A
 * problem that has left the bank is never next.
 * @returns null when nothing is left, nor can be found.
 * @throws AppError `no-active-path` when the learner has no path (of that track).
 */
export async function pickNext(
  ctx: Context,
  learnerId: string,
  trackId: string | null,
): Promise<NextTask | null> {
  const without = new Set<string>();
  const look = async () => {
    const found = await nextTasks(ctx.db, learnerId, trackId, { now: ctx.now, without: [...without] });
    if (found === undefined) throw new AppError('no-active-path');
    return found;
  };
  const day = (at: string) => localDay(found.calendar, at);
  let found = await look();
  let planned = false;
  const plan = async () => {
    planned = true;
    if (await planDay(ctx, learnerId, found.path_id)) found = await look();
  };
  if (day(found.planned_at).day < day(ctx.now).day) await plan();
  for (let gone = 0; gone <= MOST_GONE; gone += 1) {
    if (comesNext(found, ctx.now) === null && !planned) await plan();
    const task = comesNext(found, ctx.now);
    if (task === null) return null;
    const problem = await problemOf(ctx, task);
    if (problem !== 'unknown' || task.kind === 'lesson')
      return { task, problem: typeof problem === 'string' ? null : problem };
    if (gone === 0) for (const id of await goneProblems(ctx, learnerId)) without.add(id);
    without.add(task.problem_id);
    found = await look();
  }
  return null;
}

/** Opens code and output of each evaluation for its owner. @throws AppError `integrity-error`. */
function openEvaluations(
  ctx: Context,
  learnerId: string,
  taskId: string,
  evaluations: readonly SealedEvaluation[],
): Promise<EvaluationWithCode[]> {
  return Promise.all(
    evaluations.map(async ({ sealed_code, sealed_output, ...evaluation }) => {
      const [code, output] = await Promise.all([
        ctx.cipher.open(sealed_code, codeSeal(learnerId, taskId, evaluation.submission_id)),
        openOutput(ctx.cipher, outputSeal(learnerId, taskId, evaluation.id), sealed_output),
      ]);
      return { ...evaluation, ...output, code };
    }),
  );
}

/** The newest events and hints of a task whose older events are archived. */
async function withArchived(
  ctx: Context,
  learnerId: string,
  taskId: string,
  { events, archived }: Pick<SealedDetail, 'events' | 'archived'>,
): Promise<Pick<SealedDetail, 'events' | 'hints'>> {
  const older = await readArchived(ctx, learnerId, archived);
  const hints = await hintsWithArchived(ctx.db, learnerId, taskId, older, { newest: true });
  return { events: [...older, ...events].slice(-DETAIL_EVENTS), hints };
}

/**
 * Task, problem, newest evaluations with the learner's code, newest events, and hints with what was said.
 * @throws AppError `not-found`, or `integrity-error` when a sealed text or an archived event cannot be had as it was: a
 * view without it would pass for the whole; `archive-unavailable`.
 */
export async function showTask(ctx: Context, learnerId: string, taskId: string): Promise<TaskDetail> {
  const detail = await taskDetail(ctx.db, learnerId, taskId);
  if (detail === undefined) throw new AppError('not-found');
  const [problem, evaluations, log] = await Promise.all([
    problemOrNull(ctx, detail.task),
    openEvaluations(ctx, learnerId, taskId, detail.evaluations),
    detail.archived.length === 0 ? detail : withArchived(ctx, learnerId, taskId, detail),
  ]);
  const hints = await openHints(ctx, learnerId, taskId, log.hints);
  return { task: detail.task, problem, evaluations, events: log.events, hints };
}

const SeqKey = z.tuple([z.int().min(1)]);

/**
 * A page of a task's events, oldest first, from the log and the archive.
 * @throws AppError `not-found`, `invalid-cursor`, `integrity-error`, `archive-unavailable`.
 */
export async function listEvents(
  ctx: Pick<Context, 'db' | 'archive' | 'cursors'>,
  learnerId: string,
  taskId: string,
  { cursor, limit }: ListEvents,
): Promise<EventPage> {
  const scope = { learnerId, list: 'task-events', filters: taskId };
  const [after] = cursor === undefined ? [0] : await ctx.cursors.open(scope, cursor, SeqKey);
  const page = { after, limit: limit + 1 };
  const log = await taskEvents(ctx.db, learnerId, taskId, page);
  if (log === undefined) throw new AppError('not-found');
  const archived = await readArchived(ctx, learnerId, log.archived, page);
  const events = wholeLog(archived, log.events, page);
  return pageOf(ctx.cursors, scope, events, limit, (event) => [event.seq]);
}

/**
 * Starts a scheduled task; on one that is in progress it changes nothing.
 * @param versions the versions that the client knows (`If-Match`), null for any.
 * @throws AppError `not-found`, `precondition-failed`, `invalid-transition`.
 */
export async function start(
  ctx: Context,
  learnerId: string,
  taskId: string,
  versions: readonly number[] | null,
): Promise<Task> {
  const wish = { ...eventParams(ctx), if_versions: versions };
  const row = await startTask(ctx.db, learnerId, taskId, wish);
  if (row === undefined) throw new AppError('not-found');
  if (row.stale) throw preconditionFailed('task', row.current.version);
  const task = row.changed ?? row.current;
  if (task.status !== 'in_progress') throw refused(task, 'started');
  return task;
}

/**
 * Moves a task or merges its metadata; asking again for what is already so changes nothing.
 * @param versions the versions that the client knows (`If-Match`), null for any.
 * @throws AppError `precondition-failed`, `invalid-transition`, `validation` (metadata above 16 KiB), `not-found`.
 */
export async function changeTask(
  ctx: Pick<Context, 'db' | 'actor' | 'requestId' | 'now'>,
  learnerId: string,
  taskId: string,
  change: PatchTask,
  versions: readonly number[] | null,
): Promise<Task> {
  for (let decisions = 1; decisions <= MOST_DECISIONS; decisions += 1) {
    const found = await changeableTask(ctx.db, learnerId, taskId);
    if (found === undefined) throw new AppError('not-found');
    const { task, config, calendar } = found;
    if (versions !== null && !versions.includes(task.version)) throw preconditionFailed('task', task.version);
    const { day } = dayParams(calendar, ctx.now);
    const facts = decidePatch(task, change, { now: ctx.now, day, config });
    if (facts === 'refused') throw refused(task, change.status ?? 'changed');
    if (facts === 'too-large') throw tooLarge();
    if (facts.length === 0) return task;
    const after = foldTask(task, facts);
    if (await storeChange(ctx.db, learnerId, found, { after, facts }, ctx)) return after;
  }
  throw new AppError('storage-unavailable', { retryAfter: 1 });
}

function tooLarge(): AppError {
  const message = `must stay within ${METADATA_LIMIT} bytes together with what is there`;
  return new AppError('validation', { errors: [{ path: 'metadata', message }] });
}

function badTasks(bad: readonly BadTask[]): AppError {
  return new AppError('validation', {
    detail: 'No task of the batch was created.',
    errors: bad.map(({ index, field, message }) => ({ path: `tasks.${index}.${field}`, message })),
  });
}

/**
 * Creates the tasks of a batch, all or none.
 * @param stated whether what the tasks say of module, tags and difficulty counts; else the bank's does.
 * @returns their ids in the order of the request.
 * @throws AppError `validation` naming each bad task, `not-found`, `quota`; UpstreamError when the bank cannot be asked.
 */
export async function createBatch(
  ctx: Context,
  learnerId: string,
  batch: CreateTasks,
  stated: boolean,
): Promise<string[]> {
  const ids = [...new Set(batch.tasks.map((task) => task.problem_id))];
  const useId = ctx.newId();
  const catalogue = await ctx.problemBank.getMany(ids, ctx.requestId);
  const plan = planBatch(batch.tasks, { catalogue, newId: ctx.newId, stated });
  if (plan.bad.length > 0) throw badTasks(plan.bad);
  const charge = tasksCharge(ctx.config, useId, plan.seeds.length);
  return paidFor(ctx, learnerId, charge, () => storeSeeds(ctx, learnerId, batch.path_id, plan.seeds));
}

async function storeSeeds(
  ctx: Context,
  learnerId: string,
  pathId: string,
  seeds: readonly TaskSeed[],
): Promise<string[]> {
  const stored = await storeBatch(ctx.db, learnerId, {
    ...eventParams(ctx),
    path_id: pathId,
    tasks: seedsJson(seeds),
  });
  if (stored === undefined) throw new AppError('not-found');
  if (stored.unknown_retries.length > 0) {
    throw badTasks(
      stored.unknown_retries.map((index) => ({
        index,
        field: 'retry_of',
        message: 'is not a task of yours',
      })),
    );
  }
  return seeds.map((seed) => seed.id);
}
