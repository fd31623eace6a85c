/** What the second branch of a tutor stream saw. */
export type Recording = {
  /** Bytes received, all of them. */
  bytes: number;
  /** The beginning of the text, up to the cap. */
  text: string;
  /** The stream broke instead of ending. */
  broken: boolean;
};

/** Room of one read. A read takes what has come since the last one and never waits for more. */
const CHUNK = 65_536;
/**
 * Pause between two reads: few large reads keep the recording's CPU far below the stream's own. Asking for a least
 * number of bytes instead would hold the learner's branch back until they are there.
 */
const PAUSE_MS = 250;
/** Most bytes kept of one stream. */
const KEPT = 262_144;

/**
 * Reads a branch to its end in large pieces; it never throws, as whoever aborted the stream knows why.
 * @param heard called at most four times a second while bytes come.
 */
export async function record(branch: ReadableStream<Uint8Array>, heard: () => void): Promise<Recording> {
  const reader = branch.getReader({ mode: 'byob' });
  const kept: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  let broken = false;
  try {
    for (;;) {
      const { done, value } = await reader.read(new Uint8Array(CHUNK));
      if (value !== undefined) {
        if (bytes < KEPT) kept.push(value.slice(0, KEPT - bytes));
        bytes += value.byteLength;
      }
      if (done) break;
      heard();
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  } catch {
    broken = true;
  }
  const text = new TextDecoder().decode(await new Blob(kept).arrayBuffer());
  return { bytes, text, broken };
}
