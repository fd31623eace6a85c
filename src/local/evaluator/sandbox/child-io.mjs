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

export function send(message) {
  const body = from(stringify(message));
  const head = alloc(4);
  head.writeUInt32BE(body.length);
  const frame = concat([head, body]);
  for (let offset = 0; offset < frame.length; ) {
    try {
      offset += writeSync(REPLY_FD, frame, offset);
    } catch (error) {
      if (error.code !== 'EAGAIN') exit(9);
    }
  }
}

const pause = new Int32Array(new SharedArrayBuffer(4));
const { wait } = Atomics;

function readBytes(size) {
  const bytes = alloc(size);
  for (let offset = 0; offset < size; ) {
    let count = 0;
    try {
      count = readSync(0, bytes, offset, size - offset);
    } catch (error) {
      if (error.code === 'EAGAIN') {
        // Only if something has opened stdin as a stream: a process that waits must not burn a core meanwhile.
        wait(pause, 0, 0, 1);
        continue;
      }
      exit(error.code === 'EOF' ? 0 : 9);
    }
    if (count === 0) exit(0); // the host is gone
    offset += count;
  }
  return bytes;
}

/**
 * Keeps an engine's glue code from opening stdin as a stream, which makes the descriptor non-blocking for everybody:
 * a warm process would then poll for its request instead of sleeping. Call before loading an engine.
 */
export function keepStdinBlocking() {
  Object.defineProperty(process, 'stdin', { value: { fd: -1 }, writable: false, configurable: false });
}

/** Waits for the next request of the host; ends the process when the host has closed the pipe. */
export function receive() {
  return parse(readBytes(readBytes(4).readUInt32BE(0)).toString());
}

let pageCap = Number.POSITIVE_INFINITY;

/** Puts the memory cap into the only door through which WebAssembly memory grows. Call before loading an engine. */
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
