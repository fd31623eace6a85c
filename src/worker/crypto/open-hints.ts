import type { GivenHint } from '#contract/history.ts';
import { spokenText } from '#domain/hints/spoken-text.ts';
import type { SealedHint } from '../db/hints.ts';
import type { CodeCipher } from './cipher.ts';
import { openTranscript, transcriptSeal } from './transcript.ts';

/**
 * Opens the transcripts of a task's hints for their owner.
 * @throws AppError `integrity-error` when one of them does not open: never half an answer.
 */
export function openHints(
  ctx: { cipher: CodeCipher },
  learnerId: string,
  taskId: string,
  hints: readonly SealedHint[],
): Promise<GivenHint[]> {
  return Promise.all(
    hints.map(async ({ sealed, sha256, ...hint }) => {
      if (sealed === null) return { ...hint, question: null, text: null };
      const place = transcriptSeal(learnerId, taskId, hint.hint_id);
      const transcript = await openTranscript(ctx.cipher, place, sealed, sha256);
      return { ...hint, question: transcript.question, text: spokenText(transcript.received) };
    }),
  );
}
