/** Stops a stream whose rest nobody wants; how that stream takes it is of no interest to the caller. */
export function discard(body: ReadableStream | null): void {
  if (body !== null && !body.locked) body.cancel().catch(() => undefined);
}

/**
 * Reads a body of at most `cap` bytes; null when it has more, whatever its Content-Length says. Stops the stream at
 * the cap and when `signal` fires. Takes time linear in the bytes however small the chunks are.
 * @throws whatever the stream throws when the connection breaks.
 */
export async function readCapped(
  response: Response,
  cap: number,
  signal: AbortSignal,
): Promise<Uint8Array | null> {
  if (Number(response.headers.get('content-length') ?? 0) > cap) {
    discard(response.body);
    return null;
  }
  if (response.body === null) return new Uint8Array();
  const reader: ReadableStreamDefaultReader<Uint8Array> = response.body.getReader();
  const stop = () => void reader.cancel().catch(() => undefined);
  signal.addEventListener('abort', stop, { once: true });
  try {
    let buffer = new Uint8Array(Math.min(cap, 16_384));
    let length = 0;
    for (let part = await reader.read(); !part.done && !signal.aborted; part = await reader.read()) {
      const needed = length + part.value.byteLength;
      if (needed > cap) {
        stop();
        return null;
      }
      if (needed > buffer.byteLength) {
        const larger = new Uint8Array(Math.min(cap, Math.max(needed, buffer.byteLength * 2)));
        larger.set(buffer.subarray(0, length));
        buffer = larger;
      }
      buffer.set(part.value, length);
      length = needed;
    }
    return buffer.subarray(0, length);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Parses UTF-8 JSON; undefined, which JSON cannot express, when the bytes are neither. */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes));
  } catch {
    return undefined;
  }
}
