import type { TutorRequest } from '#contract/tutor.ts';

/** `signal` ends the stream, too: it belongs to whoever reads the body. */
export type TutorOptions = { requestId: string; signal: AbortSignal };

/** Port to the tutor. */
export type Tutor = {
  /**
   * Resolves with the tutor's `text/event-stream` answer, body unread, once its headers came.
   * @throws UpstreamError when they do not come within 10 s or are not those of a stream.
   */
  open(request: TutorRequest, options: TutorOptions): Promise<Response>;
};
