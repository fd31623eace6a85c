/**
 * What both child programs share: frames (4-byte big-endian length, then JSON) on stdin and fd 3, the cap on
 * WebAssembly memory, and the removal of what a child has no use for. Keeps private copies of every built-in it
 * needs, since a Python program may reach this JavaScript realm and change it.
 */
import fs from 'node:fs';

const { stringify, parse } = JSON;
const { readSync, writeSync } = fs;
const { alloc, concat, from } = Buffer;
const exit = process.reallyExit.bind(process);

const REPLY_FD = 3;
const PAGE = 65_536;
const PAGES_PER_MIB = 16;

/** Largest encoded result, in characters; the host's own frame cap stands behind it. */
export const RESULT_CAP = 1_048_576;
/** Characters of standard output kept for one call, and bytes after which the program is stopped. */
export const STDOUT_KEPT = 65_536;
export const STDOUT_STOP = 1_048_576;

/** Ends the process without running any exit handler a program may have planted. */
export function stop(code) {
  exit(code);
}

/** Frames up to this size pass through one buffer each way: a test costs one read, one write and no allocation. */
const USUAL_BYTES = 65_536;
const outbox = alloc(USUAL_BYTES);
const inbox = alloc(USUAL_BYTES);
/** Bytes of UTF-8 that one UTF-16 unit takes at most. */
const WIDEST = 3;

export function send(message) {
  const text = stringify(message);
  let frame = outbox;
  let size = 0;
  if (text.length * WIDEST + 4 <= USUAL_BYTES) size = outbox.write(text, 4);
  else {
    const body = from(text);
    size = body.length;
    frame = concat([alloc(4), body]);
  }
  frame.writeUInt32BE(size);
  for (let offset = 0; offset < size + 4; ) {
    try {
      offset += writeSync(REPLY_FD, frame, offset, size + 4 - offset);
    } catch (error) {
      if (error.code !== 'EAGAIN') exit(9);
    }
  }
}

const pause = new Int32Array(new SharedArrayBuffer(4));
const { wait } = Atomics;

/** Reads into `bytes` from `filled` on until `wanted` are there; gives how many there are. */
function fill(bytes, filled, wanted) {
  let there = filled;
  while (there < wanted) {
    let count = 0;
    try {
      count = readSync(0, bytes, there, bytes.length - there);
    } catch (error) {
      if (error.code === 'EAGAIN') {
        // Only if something has opened stdin as a stream: a process that waits must not burn a core meanwhile.
        wait(pause, 0, 0, 1);
        continue;
      }
      exit(error.code === 'EOF' ? 0 : 9);
    }
    if (count === 0) exit(0); // the host is gone
    there += count;
  }
  return there;
}

/**
 * Keeps an engine's glue code from opening stdin as a stream, which makes the descriptor non-blocking for everybody:
 * a warm process would then poll for its request instead of sleeping. Call before loading an engine.
 */
export function keepStdinBlocking() {
  Object.defineProperty(process, 'stdin', { value: { fd: -1 }, writable: false, configurable: false });
}

/**
 * Waits for the next request of the host; ends the process when the host has closed the pipe. The host sends nothing
 * before it has its reply, so a read never holds more than one frame.
 */
export function receive() {
  const there = fill(inbox, 0, 4);
  const end = inbox.readUInt32BE(0) + 4;
  if (end <= USUAL_BYTES) {
    fill(inbox, there, end);
    return parse(inbox.toString('utf8', 4, end));
  }
  const whole = alloc(end);
  inbox.copy(whole, 0, 0, there);
  fill(whole, there, end);
  return parse(whole.toString('utf8', 4, end));
}

let pageCap = Number.POSITIVE_INFINITY;

/** Puts the memory cap into the only function by which WebAssembly memory grows. Call before loading an engine. */
export function guardMemory() {
  const grow = WebAssembly.Memory.prototype.grow;
  const { apply } = Reflect;
  Object.defineProperty(WebAssembly.Memory.prototype, 'grow', {
    value(pages) {
      if (this.buffer.byteLength / PAGE + pages > pageCap) throw new RangeError('memory limit');
      return apply(grow, this, [pages]);
    },
    writable: false,
    configurable: false,
  });
}

export function capMemory(mebibytes) {
  pageCap = mebibytes * PAGES_PER_MIB;
}

/** Takes away what the permission model leaves open (signals to other processes) or denies anyway. Seat belt. */
export function lockDown() {
  for (const name of [
    'getBuiltinModule',
    'binding',
    '_linkedBinding',
    'dlopen',
    'kill',
    '_kill',
    '_debugProcess',
    'abort',
    'chdir',
    'setuid',
    'setgid',
    'mainModule',
  ]) {
    Object.defineProperty(process, name, { value: undefined, writable: false, configurable: false });
  }
  for (const name of ['fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest', 'Worker', 'navigator']) {
    Reflect.deleteProperty(globalThis, name);
  }
}
