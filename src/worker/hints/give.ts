import type { RequestHint } from '#contract/hints.ts';
import { HintRules, pastHints, tutorRequest } from '#domain/hints/ladder.ts';
import { givesHints } from '#domain/tasks/lifecycle.ts';
import type { Context } from '../context.ts';
import { daySettings, hintCharge } from '../durable/charges.ts';
import { closeHint, pay } from '../durable/pay.ts';
import { AppError } from '../errors.ts';
import { readArchived } from '../events/archive/read.ts';
import { eventParams } from '../events/params.ts';
import { keepRecord } from './keep.ts';
import { passOn } from './pass-on.ts';
import { countHint, type HintContext, hintContext } from './store.ts';
import { guardStream } from './stream-guard.ts';

/** The public problem and the rungs of its hint ladder. */
async function problemAndLadder(ctx: Context, problemId: string) {
  const [problem, bundle] = await Promise.all([
    ctx.problemBank.get(problemId, ctx.requestId),
    ctx.problemBank.bundle(problemId, ctx.requestId),
  ]);
  if (problem === null || bundle === null) {
    throw new AppError('unknown-problem', { detail: 'The problem bank does not hold this problem.' });
  }
  return { problem, ladder: bundle.hints };
}

/** RateLimit fields (draft-ietf-httpapi-ratelimit-headers-10) of a quota that no time gives back. */
function quotaHeaders(quota: number, left: number) {
  return { 'ratelimit-policy': `"hints-per-task";q=${quota}`, ratelimit: `"hints-per-task";r=${left}` };
}

function quotaReached(quota: number): AppError {
  return new AppError('hint-quota', {
    detail: `The path allows ${quota} hints for one task.`,
    headers: quotaHeaders(quota, 0),
  });
}

/**
 * Opens the tutor's stream for a task and answers its bytes untouched. The hint counts once the tutor has answered
 * 200; what was said is recorded from a second branch of the stream, also when the learner's tab closes. Under a quota
 * of the path (`config.hints_per_task`) the first byte waits until the hint is counted: of two at once the last one left
 * is one. The operator's quotas hold whatever the path's config says.
 * @param client aborts when the learner leaves; the tutor's stream is then aborted too.
 * @throws AppError `not-found`, `invalid-transition`, `hint-quota`, `quota`, `unknown-problem`; UpstreamError of bank or
 * tutor; StorageError when the hint could not be counted; `integrity-error` and `archive-unavailable` when earlier hints
 * cannot be read. None counts.
 */
export async function giveHint(
  ctx: Context,
  learnerId: string,
  taskId: string,
  wish: RequestHint,
  client: AbortSignal,
): Promise<Response> {
  const context = await hintContext(ctx.db, learnerId, taskId);
  if (context === undefined) throw new AppError('not-found');
  const { task } = context;
  if (!givesHints(task)) {
    throw new AppError('invalid-transition', { detail: `A task that is ${task.status} gives no hints.` });
  }
  const { hints_per_task: quota } = HintRules.parse(context.config);
  if (quota !== null && task.hints_used >= quota) throw quotaReached(quota);
  const hintId = ctx.newId();
  const undo = await pay(ctx, learnerId, hintCharge(ctx.config, hintId, daySettings(context.config)));
  try {
    return await openHint(ctx, { learnerId, taskId, hintId, quota, wish, context, client });
  } catch (error) {
    // Not on the way of the answer: a client that has left waits for nothing.
    ctx.background(Promise.all([undo(error), closeHint(ctx, learnerId, hintId)]));
    throw error;
  }
}

type PaidHint = {
  learnerId: string;
  taskId: string;
  hintId: string;
  /** Hints that the path allows for the task; null for any number. */
  quota: number | null;
  wish: RequestHint;
  context: HintContext;
  client: AbortSignal;
};

/** Asks the tutor and passes its stream on. */
async function openHint(ctx: Context, hint: PaidHint): Promise<Response> {
  const { learnerId, taskId, hintId, quota, wish, context, client } = hint;
  const [{ problem, ladder }, archived] = await Promise.all([
    problemAndLadder(ctx, context.task.problem_id),
    readArchived(ctx, learnerId, context.archived),
  ]);
  const earlier = [...pastHints(archived), ...context.earlier];
  const { attempts } = context;
  const request = tutorRequest({ requestId: ctx.requestId, problem, ladder, wish, attempts, earlier });

  const { TUTOR_STREAM_TIMEOUT, TUTOR_IDLE_TIMEOUT } = ctx.config;
  const limits = { totalMs: TUTOR_STREAM_TIMEOUT * 1000, idleMs: TUTOR_IDLE_TIMEOUT * 1000 };
  const guard = guardStream(client, limits);
  try {
    const startedAt = Date.now();
    const upstream = await ctx.tutor.open(request, { requestId: ctx.requestId, signal: guard.signal });
    if (upstream.body === null) throw new AppError('tutor-unavailable', { retryAfter: 10 });
    guard.heard();
    const counted = countHint(ctx.db, learnerId, taskId, {
      ...eventParams(ctx),
      hint_id: hintId,
      level: request.level,
      quota,
    });
    const headers = new Headers({
      'content-type': upstream.headers.get('content-type') ?? 'text/event-stream',
    });
    if (quota === null) {
      // Whether it was counted is looked at when the stream has ended.
      counted.catch(() => undefined);
    } else {
      const count = await counted;
      if (count?.counted === false) throw quotaReached(quota);
      const left = quota - (count?.hints_used ?? quota);
      for (const [name, value] of Object.entries(quotaHeaders(quota, left))) headers.set(name, value);
    }
    const [forClient, forRecord] = upstream.body.tee();
    const hint = { learnerId, taskId, hintId, request, startedAt, counted, guard };
    ctx.background(keepRecord(ctx, hint, forRecord));
    const { readable, done } = passOn(forClient);
    // Not when the recording ends, which is a moment later: the next hint may be asked for at once.
    ctx.background(done.then(() => closeHint(ctx, learnerId, hintId)));
    return new Response(readable, { status: upstream.status, headers });
  } catch (error) {
    guard.stop();
    throw error;
  }
}
