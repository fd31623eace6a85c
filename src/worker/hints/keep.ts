import type { TutorRequest } from '#contract/tutor.ts';
import { outcomeOf } from '#domain/hints/ladder.ts';
import type { Context } from '../context.ts';
import { sealTranscript, transcriptSeal } from '../crypto/transcript.ts';
import { eventParams } from '../events/params.ts';
import { record } from './recorder.ts';
import { recordInteraction } from './store.ts';
import type { StreamGuard } from './stream-guard.ts';

/** A hint whose stream has begun; `startedAt` is in milliseconds since the epoch. */
export type RunningHint = {
  learnerId: string;
  taskId: string;
  hintId: string;
  request: TutorRequest;
  startedAt: number;
  /** Resolves when the hint is in the log: what is said of it comes behind. */
  counted: Promise<unknown>;
  guard: StreamGuard;
};

/**
 * Records a stream to its end, however it ends, and stores outcome and sealed transcript. It never throws: a hint that
 * cannot be recorded is logged, and its learner has had it all the same.
 */
export async function keepRecord(
  ctx: Context,
  hint: RunningHint,
  branch: ReadableStream<Uint8Array>,
): Promise<void> {
  const { learnerId, taskId, hintId, request, startedAt, guard } = hint;
  try {
    const recording = await record(branch, guard.heard);
    guard.release();
    const duration = Date.now() - startedAt;
    // By the clock of the request, as every other event of it.
    const now = new Date(Date.parse(ctx.now) + duration).toISOString();
    await hint.counted;
    const { level, question } = request;
    const said = { level, question, received: recording.text };
    const transcript = await sealTranscript(ctx.cipher, transcriptSeal(learnerId, taskId, hintId), said);
    const payload = {
      hint_id: hintId,
      level,
      outcome: outcomeOf({ ...recording, cause: guard.cause() }),
      duration_ms: duration,
      bytes: recording.bytes,
      transcript_sha256: transcript.sha256,
    };
    await recordInteraction(ctx.db, learnerId, taskId, {
      ...eventParams({ ...ctx, now }),
      hint_id: hintId,
      payload: JSON.stringify(payload),
      sealed: transcript.sealed,
    });
  } catch (error) {
    guard.release();
    ctx.log.error('hint-not-recorded', { task_id: taskId, hint_id: hintId, error: nameOf(error) });
  }
}

/** A stranger's message could quote what the learner or the tutor said. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
