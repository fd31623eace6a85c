import type { RequestHint } from '#contract/hints.ts';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { eventParams } from '../events/index.ts';
import { HINTABLE, outcomeOf, tutorRequest } from './domain.ts';
import { record } from './recorder.ts';
import { countHint, hintContext, recordInteraction } from './store.ts';

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

/** Ends a stream when the client leaves or its time is over, and remembers which of the two it was. */
function streamGuard(client: AbortSignal, timeoutMs: number) {
  const controller = new AbortController();
  let cause: 'aborted' | 'timeout' | null = null;
  const end = (why: 'aborted' | 'timeout') => {
    cause ??= why;
    controller.abort();
  };
  const timer = setTimeout(() => end('timeout'), timeoutMs);
  const leave = () => end('aborted');
  if (client.aborted) leave();
  client.addEventListener('abort', leave);
  return {
    signal: controller.signal,
    cause: () => cause,
    release() {
      clearTimeout(timer);
      client.removeEventListener('abort', leave);
    },
  };
}

/**
 * Puts a native pipe between a branch and the client: workerd tells `request.signal` of a client that leaves only while
 * the handler still has a part in the stream.
 */
function passOn(ctx: Context, branch: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  const { readable, writable } = new IdentityTransformStream();
  // Why the pipe ends early is known from the signal and from the recording.
  ctx.background(branch.pipeTo(writable).catch(() => undefined));
  return readable;
}

async function sha256Hex(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return new Uint8Array(digest).toHex();
}

/**
 * Opens the tutor's stream for a task and answers its bytes untouched. The hint counts once the tutor has answered
 * 200; what was said is recorded from a second branch of the stream, also when the learner's tab closes.
 * @param client aborts when the learner leaves; the tutor's stream is then aborted too.
 * @throws AppError `not-found`, `invalid-transition`, `unknown-problem`; UpstreamError of bank or tutor. None counts.
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
  const { task, attempts, earlier } = context;
  if (!HINTABLE.includes(task.status)) {
    throw new AppError('invalid-transition', { detail: `A task that is ${task.status} gives no hints.` });
  }
  const { problem, ladder } = await problemAndLadder(ctx, task.problem_id);
  const request = tutorRequest({ requestId: ctx.requestId, problem, ladder, wish, attempts, earlier });

  const guard = streamGuard(client, ctx.config.TUTOR_STREAM_TIMEOUT * 1000);
  const startedAt = Date.now();
  const upstream = await ctx.tutor
    .open(request, { requestId: ctx.requestId, signal: guard.signal })
    .catch((error: unknown) => {
      guard.release();
      throw error;
    });
  if (upstream.body === null) {
    guard.release();
    throw new AppError('tutor-unavailable', { retryAfter: 10 });
  }

  const [forClient, forRecord] = upstream.body.tee();
  const hintId = ctx.newId();
  const counted = countHint(ctx.db, learnerId, taskId, {
    ...eventParams(ctx),
    hint_id: hintId,
    level: request.level,
  });
  ctx.background(
    (async () => {
      const recording = await record(forRecord);
      guard.release();
      await counted;
      const sealed = await ctx.cipher.seal(
        JSON.stringify({ level: request.level, question: request.question, received: recording.text }),
        { table: 'task_events', learnerId, taskId, rowId: hintId },
      );
      const ended = Date.now();
      const payload = {
        hint_id: hintId,
        level: request.level,
        outcome: outcomeOf({ ...recording, cause: guard.cause() }),
        duration_ms: ended - startedAt,
        bytes: recording.bytes,
        transcript_sha256: await sha256Hex(sealed),
      };
      await recordInteraction(ctx.db, learnerId, taskId, {
        ...eventParams({ ...ctx, now: new Date(ended).toISOString() }),
        hint_id: hintId,
        payload: JSON.stringify(payload),
        sealed,
      });
    })().catch((error: unknown) => {
      guard.release();
      ctx.log.error('hint-not-recorded', { task_id: taskId, hint_id: hintId, error: String(error) });
    }),
  );

  const contentType = upstream.headers.get('content-type') ?? 'text/event-stream';
  return new Response(passOn(ctx, forClient), {
    status: upstream.status,
    headers: { 'content-type': contentType },
  });
}
