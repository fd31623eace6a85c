import type { Readable } from 'node:stream';

/** A frame on the wire: 4-byte big-endian length, then UTF-8 JSON. */
export function encodeFrame(message: unknown): Buffer {
  const body = Buffer.from(JSON.stringify(message));
  const head = Buffer.alloc(4);
  head.writeUInt32BE(body.length);
  return Buffer.concat([head, body]);
}

type FrameEvents = {
  onFrame(message: unknown): void;
  /** The stream is destroyed before this is called. */
  onBroken(why: 'too-large' | 'not-json'): void;
};

/** Reads frames from an untrusted stream; one longer than `cap` bytes is refused by its header, unbuffered. */
export function readFrames(stream: Readable, cap: number, { onFrame, onBroken }: FrameEvents): void {
  let chunks: Buffer[] = [];
  let buffered = 0;
  let wanted: number | null = null;

  function take(size: number): Buffer {
    const all = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
    chunks = all.length > size ? [all.subarray(size)] : [];
    buffered = all.length - size;
    return all.subarray(0, size);
  }
  function broken(why: 'too-large' | 'not-json'): void {
    stream.destroy();
    chunks = [];
    onBroken(why);
  }

  stream.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    buffered += chunk.length;
    while (!stream.destroyed) {
      if (wanted === null) {
        if (buffered < 4) return;
        wanted = take(4).readUInt32BE(0);
        if (wanted > cap) return broken('too-large');
      }
      if (buffered < wanted) return;
      const body = take(wanted).toString();
      wanted = null;
      let message: unknown;
      try {
        message = JSON.parse(body);
      } catch {
        return broken('not-json');
      }
      onFrame(message);
    }
  });
}
