/**
 * Puts a native pipe between a stream and the client: workerd tells `request.signal` of a client that leaves only while
 * the handler still has a part in the stream. No byte of it passes through JavaScript.
 * @returns the client's end, and a promise that resolves when the pipe ends, however it ends: why is known from the
 * signal and from the recording.
 */
export function passOn(stream: ReadableStream<Uint8Array>): {
  readable: ReadableStream<Uint8Array>;
  done: Promise<void>;
} {
  const { readable, writable } = new IdentityTransformStream();
  return { readable, done: stream.pipeTo(writable).catch(() => undefined) };
}
