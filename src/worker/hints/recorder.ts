/** What the second branch of a tutor stream saw. */
export type Recording = {
  /** Bytes received, all of them. */
  bytes: number;
  /** The beginning of the text, up to the cap. */
  text: string;
  /** The stream broke instead of ending. */
  broken: boolean;
};

/** Bytes asked for at a time: large reads keep the recording's CPU far below the stream's own (notes, section 0b). */
const CHUNK = 65_536;
/** Most bytes kept of one stream. */
const KEPT = 262_144;

/** Reads a branch to its end in large pieces; it never throws, as whoever aborted the stream knows why. */
export async function record(branch: ReadableStream<Uint8Array>): Promise<Recording> {
  const reader = branch.getReader({ mode: 'byob' });
  const kept: Uint8Array[] = [];
  let bytes = 0;
  let broken = false;
  try {
    for (;;) {
      const { done, value } = await reader.readAtLeast(CHUNK, new Uint8Array(CHUNK));
      if (value !== undefined) {
        if (bytes < KEPT) kept.push(value.slice(0, KEPT - bytes));
        bytes += value.byteLength;
      }
      if (done) break;
    }
  } catch {
    broken = true;
  }
  const text = new TextDecoder().decode(await new Blob(kept).arrayBuffer());
  return { bytes, text, broken };
}
