/** Milliseconds that a stream may take in all, and that it may be silent. */
export type StreamLimits = { totalMs: number; idleMs: number };

/** Ends a tutor's stream when the client leaves or its time is over, and remembers which of the two it was. */
export type StreamGuard = {
  /** Aborts the stream. */
  readonly signal: AbortSignal;
  cause(): 'aborted' | 'timeout' | null;
  /** Tells that bytes came: the silence begins anew. */
  heard(): void;
  /** Ends the stream for a reason of the caller. */
  stop(): void;
  /** The stream has ended: nothing is watched any more. */
  release(): void;
};

/** A guard that watches from now on. @param client aborts when the client leaves. */
export function guardStream(client: AbortSignal, { totalMs, idleMs }: StreamLimits): StreamGuard {
  const controller = new AbortController();
  let cause: 'aborted' | 'timeout' | null = null;
  const end = (why: 'aborted' | 'timeout') => {
    cause ??= why;
    release();
    controller.abort();
  };
  const late = () => end('timeout');
  const leave = () => end('aborted');
  const total = setTimeout(late, totalMs);
  let idle = setTimeout(late, idleMs);
  let over = false;

  function release(): void {
    over = true;
    clearTimeout(total);
    clearTimeout(idle);
    client.removeEventListener('abort', leave);
  }

  client.addEventListener('abort', leave);
  if (client.aborted) leave();
  return {
    signal: controller.signal,
    cause: () => cause,
    heard() {
      if (over) return;
      clearTimeout(idle);
      idle = setTimeout(late, idleMs);
    },
    stop() {
      release();
      controller.abort();
    },
    release,
  };
}
