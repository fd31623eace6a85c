import type { TutorRequest } from '#contract/tutor.ts';
import { discard } from './body.ts';
import { type Fetcher, type Observe, UpstreamError, type UpstreamFault } from './http.ts';

/** `signal` ends the stream, too: it belongs to whoever reads the body. */
export type TutorCallOptions = { requestId: string; signal: AbortSignal };

/** Port to the tutor. */
export type Tutor = {
  /**
   * Resolves with the tutor's `text/event-stream` answer, body unread, once its headers came. Never tries twice: a
   * tutor's answer costs money and differs each time.
   * @throws UpstreamError when the headers do not come within 10 s or are not those of a stream.
   */
  open(request: TutorRequest, options: TutorCallOptions): Promise<Response>;
};

export type TutorOptions = {
  fetcher: Fetcher;
  /** Base address without a path. */
  url: string;
  apiKey: string;
  /** Milliseconds until the headers have to be there. */
  connectMs?: number;
  observe?: Observe;
};

export function createTutor({ fetcher, url, apiKey, connectMs = 10_000, observe }: TutorOptions): Tutor {
  async function connect(request: TutorRequest, { requestId, signal }: TutorCallOptions): Promise<Response> {
    const patience = new AbortController();
    const late = Promise.withResolvers<never>();
    const giveUp = () => late.reject(signal.reason);
    const timer = setTimeout(() => {
      patience.abort();
      late.reject(patience.signal.reason);
    }, connectMs);
    signal.addEventListener('abort', giveUp, { once: true });
    if (signal.aborted) giveUp();
    try {
      const headers = {
        authorization: `Bearer ${apiKey}`,
        accept: 'text/event-stream',
        'content-type': 'application/json',
        'x-request-id': requestId,
      };
      const answer = fetcher.fetch(new URL('/v1/hints', url).toString(), {
        method: 'POST',
        headers,
        body: JSON.stringify(request),
        redirect: 'manual',
        signal: AbortSignal.any([signal, patience.signal]),
      });
      return await Promise.race([answer, late.promise]);
    } catch {
      throw new UpstreamError('tutor', patience.signal.aborted ? 'timeout' : 'network');
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
    }
  }

  return {
    async open(request, options) {
      const startedAt = performance.now();
      const report = (outcome: number | UpstreamFault) =>
        observe?.({
          service: 'tutor',
          requestId: options.requestId,
          attempt: 1,
          outcome,
          ms: performance.now() - startedAt,
        });
      try {
        const response = await connect(request, options);
        if (response.status !== 200) throw refused(response, 'status');
        if (!/^text\/event-stream\s*(;|$)/i.test(response.headers.get('content-type') ?? ''))
          throw refused(response, 'not-json');
        report(200);
        return response;
      } catch (fault) {
        if (fault instanceof UpstreamError) report(fault.kind);
        throw fault;
      }
    },
  };
}

function refused(response: Response, kind: UpstreamFault): UpstreamError {
  discard(response.body);
  return new UpstreamError('tutor', kind, { status: response.status });
}
