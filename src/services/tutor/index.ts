import { createHash, timingSafeEqual } from 'node:crypto';
import { type Context, Hono } from 'hono';
import * as z from 'zod';
import { TutorRequest } from '#contract/tutor.ts';
import {
  type RunningService,
  type ServiceApp,
  type ServiceOptions,
  startService,
} from '../common/service.ts';
import { ladderHint } from './ladder.ts';
import { buildPrompt } from './prompt.ts';
import { relayBody } from './relay.ts';
import { createScripts, scriptBody } from './script.ts';
import { createStreams } from './streams.ts';
import { streamCompletion, type Upstream, UpstreamFailure } from './upstream.ts';

/**
 * `apiKey`: key that callers need (none: open). `upstream`: a language model writes the hints. `wordDelayMs`: pause
 * before each word (default 0). `heartbeatMs`: silence after which a comment is sent (default 15 s).
 * `firstTokenMs`: how long the model may take for its first word (default 60 s).
 */
export type TutorOptions = ServiceOptions & {
  apiKey?: string;
  upstream?: Upstream;
  wordDelayMs?: number;
  heartbeatMs?: number;
  firstTokenMs?: number;
};

const EVENT_STREAM = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  'x-accel-buffering': 'no',
};

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function fail(c: Context, status: 401 | 422 | 502, code: string, message: string) {
  return c.json({ error: { code, message } }, status);
}

/** Splits so that the pieces join to the text again. */
function toWords(text: string): string[] {
  return text.match(/\s*\S+\s*/g) ?? [];
}

/**
 * Takes the first piece, so that a model that fails before it can still be answered with a status.
 * @throws UpstreamFailure also when the completion is empty or late
 */
async function openCompletion(
  upstream: Upstream,
  request: TutorRequest,
  stop: AbortController,
  firstTokenMs: number,
): Promise<AsyncGenerator<string, void, undefined>> {
  const late = setTimeout(() => stop.abort(new UpstreamFailure('the model service is late')), firstTokenMs);
  try {
    const pieces = streamCompletion(upstream, buildPrompt(request), stop.signal);
    const first = await pieces.next();
    if (first.done) throw new UpstreamFailure('the model service sent no text');
    return (async function* () {
      yield first.value;
      yield* pieces;
    })();
  } finally {
    clearTimeout(late);
  }
}

/**
 * Starts the tutor: `POST /v1/hints` (TutorRequest) answers an event stream of `delta`, then `done` or `error`;
 * `GET /v1/ping` says whether the key is right, `GET /health` is for anybody.
 * Besides the switches of every service: `PUT|DELETE /__local/stream` (pace, stall, cut), `PUT|DELETE
 * /__local/scripts` (bytes in the place of hints) and `GET|DELETE /__local/streams` (how each stream went).
 * @throws Error naming the port when that is taken
 */
export async function startTutor({
  apiKey,
  upstream,
  wordDelayMs = 0,
  heartbeatMs = 15_000,
  firstTokenMs = 60_000,
  ...options
}: TutorOptions = {}): Promise<RunningService> {
  const streams = createStreams(wordDelayMs);
  const scripts = createScripts();
  const expected = apiKey === undefined ? null : sha256(`Bearer ${apiKey}`);

  const app: ServiceApp = new Hono();
  app.route('/', streams.routes).route('/', scripts.routes);
  app.get('/health', (c) => c.json({ ok: true, hints: upstream === undefined ? 'ladder' : 'model' }));
  app.use('/v1/*', async (c, next) => {
    const given = sha256(c.req.header('authorization') ?? '');
    if (expected === null || timingSafeEqual(given, expected)) return next();
    return fail(c, 401, 'UNAUTHORIZED', 'A service key is needed');
  });
  app.get('/v1/ping', (c) => c.json({ ok: true }));
  app.post('/v1/hints', async (c) => {
    const parsed = TutorRequest.safeParse(await c.req.json().catch(() => null));
    if (!parsed.success) return fail(c, 422, 'INVALID_REQUEST', z.prettifyError(parsed.error));
    const request = parsed.data;

    const entry = streams.begin(request);
    const stop = new AbortController();
    const left = c.req.raw.signal;
    left.addEventListener('abort', () => {
      if (entry.outcome === 'streaming') stop.abort(left.reason);
    });
    const script = scripts.next();
    if (script !== null) {
      return c.body(scriptBody(script, { entry, streams, signal: stop.signal }), 200, EVENT_STREAM);
    }
    try {
      const words =
        upstream === undefined
          ? toWords(ladderHint(request))
          : await openCompletion(upstream, request, stop, firstTokenMs);
      const cut = () => c.env.incoming.socket.destroySoon();
      const body = relayBody({ words, entry, streams, stop, heartbeatMs, cut });
      return c.body(body, 200, EVENT_STREAM);
    } catch (error) {
      streams.end(entry, left.aborted ? 'aborted' : 'failed');
      if (left.aborted || error instanceof UpstreamFailure) {
        return fail(c, 502, 'UPSTREAM_FAILED', error instanceof Error ? error.message : 'the client left');
      }
      throw error;
    }
  });
  app.all('*', (c) => c.json({ error: { code: 'NOT_FOUND', message: 'No such route' } }, 404));
  return startService('tutor', app, options);
}
