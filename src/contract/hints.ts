import * as z from 'zod';
import { Code } from './submissions.ts';
import { text } from './text.ts';
import { Language } from './vocabulary.ts';

/** Body of `POST .../hint`; the answer is the tutor's own event stream. */
export const RequestHint = z
  .strictObject({
    question: text(2000, 1).optional(),
    code: Code.optional(),
    language: Language.optional(),
    /** Rung of the hint ladder; default: one above the last. */
    level: z.int().min(1).max(20).optional(),
  })
  .prefault({});
export type RequestHint = z.infer<typeof RequestHint>;

/** How a tutor stream ended. */
export const StreamOutcome = z.enum(['complete', 'aborted', 'timeout', 'failed']);
export type StreamOutcome = z.infer<typeof StreamOutcome>;

/** What a hint's event stream carries: `delta` any number of times, then `done`, or `error` when the tutor fails half way. */
export const HintEvent = z.discriminatedUnion('event', [
  z.object({ event: z.literal('delta'), data: z.object({ text: z.string() }) }),
  z.object({ event: z.literal('done'), data: z.object({ level: z.int().min(1), outcome: z.string() }) }),
  z.object({ event: z.literal('error'), data: z.object({ code: z.string(), message: z.string() }) }),
]);
export type HintEvent = z.infer<typeof HintEvent>;
