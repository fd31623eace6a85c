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
 * Pause between two reads, longer each time up to a second: few large reads keep the recording's CPU below the stream's
 * own. Asking for a least number of bytes instead would hold the learner's branch back until they are there.
 */
const PAUSE_MS = { first: 250, most: 1000 };
/** Most bytes kept of one stream. */
const KEPT = 262_144;

/**
 * Reads a branch to its end in large pieces; it never throws, as whoever aborted the stream knows why.
 * @param heard called after each read, so at least every second or so while bytes come.
 */
export async function record(branch: ReadableStream<Uint8Array>, heard: () => void): Promise<Recording> {
  const reader = branch.getReader({ mode: 'byob' });
  const kept: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  let broken = false;
  let room = new Uint8Array(CHUNK);
  try {
    for (let pause = PAUSE_MS.first; ; pause = Math.min(PAUSE_MS.most, pause * 2)) {
      const { done, value } = await reader.read(room);
      if (value !== undefined) {
        if (bytes < KEPT) kept.push(value.slice(0, KEPT - bytes));
        bytes += value.byteLength;
        room = new Uint8Array(value.buffer);
      }
      if (done) break;
      heard();
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  } catch {
    broken = true;
  }
  const text = new TextDecoder().decode(await new Blob(kept).arrayBuffer());
  return { bytes, text, broken };
}
