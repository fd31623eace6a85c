import type { Readable } from 'node:stream';
import * as z from 'zod';

/** What bubblewrap writes to its `--info-fd`. */
const Info = z.object({ 'child-pid': z.int().min(1) });
const MOST_BYTES = 4096;

/** Number, outside the container, of the process that runs in it; null when bubblewrap ended without naming it. */
export async function readInnerPid(stream: Readable): Promise<number | null> {
  let text = '';
  try {
    for await (const chunk of stream) {
      text += String(chunk);
      if (text.length > MOST_BYTES) return null;
    }
    return Info.parse(JSON.parse(text))['child-pid'];
  } catch {
    return null; // nothing, or half of it: the container did not come up
  }
}
