/**
 * What a program prints during one request. Text leaves in frames `{k: 'O', n, text}` while the program runs, so that
 * the host has it when it must kill the process; the rest goes with the reply.
 */
import { STDOUT_KEPT, STDOUT_STOP, send, stop } from './child-io.mjs';

/** Largest text of one frame, in UTF-16 units. */
const CHUNK = 16_384;
/** Frames that a request may send as fast as it prints, those after which they come seldom, and the most there are. */
const AT_ONCE = 16;
const OFTEN = 300;
const MOST = 1000;
/** Milliseconds between two frames after those. */
const SOON_MS = 5;
const SELDOM_MS = 25;

const Decoder = TextDecoder;
const { fromCharCode } = String;
/** Bytes up to which text is read one by one: calling the decoder costs more. */
const SHORT = 32;
const STREAM = { stream: true };
const clock = performance.now.bind(performance);

/**
 * `begin(n)` starts a request; `write(heap, at, size)` takes UTF-8 of the program; `due()` is to be called now and then
 * while text waits (`onWaiting` says when that begins and ends); `rest()` gives what no frame has carried yet.
 */
export function createPrinted(onWaiting) {
  /** Null before the first one: what the boot prints is dropped. */
  let request = null;
  let total = 0;
  let kept = 0;
  let waiting = '';
  let frames = 0;
  let lastSent = 0;
  let truncated = false;
  let decoder = new Decoder();
  /** The decoder may hold the beginning of a character. */
  let partial = false;

  function flush() {
    if (waiting === '') return;
    send({ k: 'O', n: request, text: waiting });
    waiting = '';
    frames += 1;
    lastSent = clock();
    onWaiting(false);
  }
  function isDue() {
    if (frames < AT_ONCE) return true;
    return frames < MOST && clock() - lastSent >= (frames < OFTEN ? SOON_MS : SELDOM_MS);
  }
  function decode(heap, at, size) {
    if (size <= SHORT && !partial) {
      let text = '';
      let i = at;
      for (; i < at + size && heap[i] < 0x80; i++) text += fromCharCode(heap[i]);
      if (i === at + size) return text;
    }
    partial = heap[at + size - 1] >= 0x80;
    return decoder.decode(heap.subarray(at, at + size), STREAM);
  }
  function append(text) {
    // One more than is kept tells the host that there was more, also of a child that it kills.
    const allowed = STDOUT_KEPT + 1 - kept;
    if (text.length > allowed) truncated = true;
    let left = text.length > allowed ? text.slice(0, allowed) : text;
    kept += left.length;
    while (left !== '') {
      const part = left.slice(0, CHUNK - waiting.length);
      left = left.slice(part.length);
      waiting += part;
      if (waiting.length === CHUNK) flush();
    }
  }
  return {
    begin(n) {
      request = n;
      total = 0;
      kept = 0;
      waiting = '';
      frames = 0;
      lastSent = 0;
      truncated = false;
      decoder = new Decoder();
      partial = false;
    },
    write(heap, at, size) {
      total += size;
      // Also for a size that is no number, which memory written at random can hold.
      if (!(total <= STDOUT_STOP)) {
        flush();
        send({ k: 'OLE', n: request });
        stop(7);
      }
      if (truncated || request === null || size === 0) return;
      append(decode(heap, at, size));
      if (waiting === '') return;
      if (isDue()) flush();
      else onWaiting(true);
    },
    due() {
      if (waiting !== '' && isDue()) flush();
    },
    flush,
    rest() {
      const stdout = waiting;
      waiting = '';
      onWaiting(false);
      return { stdout, truncated };
    },
  };
}
