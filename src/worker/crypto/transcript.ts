import * as z from 'zod';
import { AppError } from '../errors.ts';
import type { CodeCipher, SealContext } from './cipher.ts';

/** What a hint's sealed transcript holds: the question, and the beginning of the tutor's stream as it came. */
const Transcript = z.object({
  question: z.string().nullable(),
  received: z.string(),
  /** Missing in the first transcripts, whose digest was that of their ciphertext. */
  salt: z.string().optional(),
});
export type Transcript = z.infer<typeof Transcript>;

/** Bytes of the salt: nobody finds a text to a digest by trying when this much of it is unknown. */
const SALT_BYTES = 16;

/**
 * Where a tutor's transcript belongs: to its hint. Transcripts have a table of their own by now; the name that the
 * first of them were sealed with stays, as no migration can seal them again.
 */
export function transcriptSeal(learnerId: string, taskId: string, hintId: string): SealContext {
  return { table: 'task_events', learnerId, taskId, rowId: hintId };
}

async function sha256Hex(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return new Uint8Array(digest).toHex();
}

/**
 * Seals what was said, and answers the digest that the log keeps of it: SHA-256 (hex) of the plain JSON text. That
 * holds a random salt, so that the digest outlives a change of keys, and after an erasure tells nothing.
 */
export async function sealTranscript(
  cipher: CodeCipher,
  place: SealContext,
  said: { level: number; question: string | null; received: string },
): Promise<{ sealed: string; sha256: string }> {
  const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES)).toHex();
  const plain = JSON.stringify({ ...said, salt });
  return { sealed: await cipher.seal(plain, place), sha256: await sha256Hex(plain) };
}

/**
 * Opens a transcript and holds it against the log.
 * @param sha256 `transcript_sha256` of its event.
 * @throws AppError `integrity-error` when it does not open, or is not what the log says.
 */
export async function openTranscript(
  cipher: CodeCipher,
  place: SealContext,
  sealed: string,
  sha256: string | null,
): Promise<Transcript> {
  const plain = await cipher.open(sealed, place);
  const transcript = Transcript.parse(JSON.parse(plain));
  if (transcript.salt !== undefined && (await sha256Hex(plain)) !== sha256)
    throw new AppError('integrity-error', { cause: 'not-the-logged-transcript' });
  return transcript;
}
