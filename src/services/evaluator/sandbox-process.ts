import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { createAttention } from './attention.ts';
import { ChildFrame, type ChildRequest } from './child-protocol.ts';
import { encodeFrame, readFrames } from './frames.ts';
import { readInnerPid } from './inner-pid.ts';
import {
  BOOT_HURRY_MS,
  BOOT_WALL_MS,
  FRAME_CAP,
  HELPERS_MS,
  nativeWallBackstop,
  residentBackstop,
  wallBackstop,
} from './limits.ts';
import { createNativeMemory, hasCrashed, INTERRUPT_WALL_MS, interrupt } from './native-engine.ts';
import { createPrinter, type Printed } from './printed.ts';
import { type Clock, cpuMs, processCpuMs, residentMb } from './process-stats.ts';
import { PID_FD, type SandboxCommand } from './sandbox-command.ts';
import type { Snapshot } from './snapshot.ts';
import { type Weight, weigh } from './weight.ts';

const POLL_MS = 25;
/** Wall milliseconds in which the output of a child that was killed is read to its end. */
const DRAIN_MS = 100;

/** What became of one request: the child's frame, or why there is none. */
export type Reply =
  | { kind: 'frame'; frame: ChildFrame }
  | { kind: 'late'; by: 'cpu' | 'helpers' | 'wall' }
  | { kind: 'fat' }
  | { kind: 'flood' }
  | { kind: 'garbled' }
  | { kind: 'gone' };

/**
 * A reply with the time it took, in milliseconds of the given clock, what the program printed meanwhile, and the bytes of
 * memory at the peak where they are measured from outside (null: what the child says counts).
 */
export type TimedReply = Reply & { ms: number; printed: Printed; peak: number | null };

export type Allowance = {
  /** Milliseconds of the sandbox's clock for one request. */
  limitMs: number;
  /** MiB of the engine's heap. */
  memoryMb: number;
  /** End of the run on `performance.now()`. */
  wallEnd: number;
  /** Told when the program begins to wait without using the processor. */
  onIdle?: () => void;
};

export type SandboxOptions = {
  command: SandboxCommand;
  clock: Clock;
  /** What the child boots from, on its file descriptor 4. */
  snapshot: Snapshot | null;
  /** User and group to run as; null keeps this process's own. */
  uid: number | null;
  /** Boots for the stock: nobody waits for it. */
  background: boolean;
  /** Weighs less than what runs next to it. */
  light: boolean;
};

function kill(child: ChildProcess): void {
  // A process that is gone has given its number back: it may be somebody else's by now.
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
}

/** One request on its way: which it is, and who waits for it. Booting has no number on the wire. */
const BOOTING = -1;
type Asked = { n: number; settle(reply: Reply): void };

/**
 * Boots a single-use child. It must see one submission at most and be killed afterwards whatever came out.
 * Resolves `ready` to false when it did not come up.
 * @throws Error when the system refuses the process at once (no memory, user id not allowed).
 */
export function startSandbox(options: SandboxOptions) {
  const { command, clock, snapshot, uid, background, light } = options;
  const { file, args, cwd, native = false, tellsPid = false } = command;
  const child = spawn(file, args, {
    cwd,
    env: {},
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore', 'pipe', snapshot?.file.fd ?? 'ignore', tellsPid ? 'pipe' : 'ignore'],
    ...(uid === null ? {} : { uid, gid: uid }),
  });
  const session = child.pid ?? 0;
  /** The process whose time and memory count: in a container of its own it is a child of the one started here. */
  let pid = session;
  const become = (weight: Weight) => {
    if (light) weigh(session, weight);
  };
  become(background ? 'spare' : 'run');

  /** Whether it boots for so long already that it got the weight of anything else. */
  let hurries = false;
  let asked: Asked | null = null;
  let ended: Reply | null = null;
  const printer = createPrinter();
  const memory = native ? createNativeMemory(() => pid) : null;
  function settle(reply: Reply): void {
    const receiver = asked;
    asked = null;
    receiver?.settle(reply);
  }
  /** `drains`: what the child printed before its death is still in the pipe, and somebody waits for it. */
  function end(reply: Reply, drains: boolean): void {
    if (ended !== null) return;
    ended = reply;
    const talks = drains && asked !== null && !replies.closed;
    if (native && talks) interrupt(pid, () => kill(child));
    else kill(child);
    if (talks) drained(() => settle(reply));
    else settle(reply);
  }
  function drained(then: () => void): void {
    const timer = setTimeout(then, native ? INTERRUPT_WALL_MS + DRAIN_MS : DRAIN_MS);
    replies.once('close', () => {
      clearTimeout(timer);
      then();
    });
  }

  const requests = child.stdin as Writable;
  const replies = child.stdio[3] as Readable;
  const pipes: readonly unknown[] = child.stdio;
  const closed = new Promise<void>((resolve) => {
    child.once('close', (code, signal) => {
      end(native && hasCrashed(code, signal) ? { kind: 'fat' } : { kind: 'gone' }, false);
      resolve();
    });
    child.once('error', () => {
      end({ kind: 'gone' }, false);
      if (child.pid === undefined) resolve();
    });
  });
  requests.on('error', () => end({ kind: 'gone' }, true));
  replies.on('error', () => end({ kind: 'gone' }, false));

  function receive(frame: ChildFrame): void {
    // Lockstep: a frame that was not asked for, or answers another request, is the work of the program under test.
    const n = frame.k === 'READY' ? BOOTING : frame.n;
    if (asked?.n !== n) end({ kind: 'garbled' }, false);
    else if (frame.k === 'O') {
      if (!printer.add(frame.text)) end({ kind: 'garbled' }, false);
    } else if (ended === null) {
      if (frame.k === 'R') printer.add(frame.stdout, frame.truncated);
      settle({ kind: 'frame', frame });
    }
  }
  readFrames(replies, FRAME_CAP, {
    onFrame(message) {
      const frame = ChildFrame.safeParse(message);
      if (frame.success) receive(frame.data);
      else end({ kind: 'garbled' }, false);
    },
    onBroken: (why) => end({ kind: why === 'too-large' ? 'flood' : 'garbled' }, false),
  });

  let residentAtStart = 0;
  let helpersAtStart = 0;
  /** Clock at the last reply: on the CPU clock the child has stood still since then, waiting to be asked. */
  let lastReply: number | null = null;
  const now = () => (clock === 'cpu' ? (cpuMs(pid) ?? 0) : performance.now());
  /** Milliseconds the threads beside the main one have run. */
  const helpers = () => Math.max(0, (processCpuMs(pid) ?? 0) - (cpuMs(pid) ?? 0));

  async function boot(): Promise<boolean> {
    const hurry = setTimeout(() => {
      hurries = true;
      become('starved');
    }, BOOT_HURRY_MS);
    const timer = setTimeout(() => end({ kind: 'late', by: 'wall' }, false), BOOT_WALL_MS);
    const first = new Promise<Reply>((resolve) => {
      asked = { n: BOOTING, settle: resolve };
    });
    const inner = tellsPid ? await readInnerPid(pipes[PID_FD] as Readable) : session;
    const reply = await first;
    clearTimeout(timer);
    clearTimeout(hurry);
    hurries = false;
    if (inner === null || reply.kind !== 'frame' || reply.frame.k !== 'READY') return false;
    pid = inner;
    residentAtStart = residentMb(pid) ?? 0;
    memory?.booted();
    helpersAtStart = helpers();
    return true;
  }
  const ready = boot();

  /** Sends one request and waits for its reply; kills the child when it takes more than it is allowed. */
  function ask(
    request: ChildRequest,
    { limitMs, memoryMb, wallEnd, onIdle }: Allowance,
  ): Promise<TimedReply> {
    if (ended !== null) return Promise.resolve({ ...ended, ms: 0, printed: printer.take(), peak: null });
    const begin = (clock === 'cpu' ? lastReply : null) ?? now();
    let spent = 0;
    let peak: number | null = null;
    const measure = () => {
      spent = Math.max(spent, now() - begin);
      return spent;
    };
    const stop = (reply: Reply) => {
      if (ended !== null) return;
      measure();
      peak = memory?.peakBytes() ?? null;
      end(reply, true);
    };
    return new Promise((resolve) => {
      const fat = residentAtStart + residentBackstop(memoryMb);
      const isFat = () => memory?.isAbove(memoryMb) ?? (residentMb(pid) ?? 0) > fat;
      const onStarved = () => become('starved');
      const attention =
        clock === 'cpu' ? createAttention(pid, { onIdle: onIdle ?? (() => {}), onStarved }) : null;
      const poll = setInterval(() => {
        if (isFat()) stop({ kind: 'fat' });
        attention?.look();
      }, POLL_MS);
      const backstop = native ? nativeWallBackstop(limitMs) : wallBackstop(limitMs);
      const patience = clock === 'cpu' ? backstop : limitMs;
      const wallLeft = Math.max(0, Math.min(patience, wallEnd - performance.now()));
      const wall = setTimeout(() => stop({ kind: 'late', by: 'wall' }), wallLeft);
      let processor: NodeJS.Timeout | undefined;
      function watch(delay: number): void {
        processor = setTimeout(() => {
          const left = limitMs + (memory?.extraMs() ?? 0) - measure();
          if (left <= 0) stop(isFat() ? { kind: 'fat' } : { kind: 'late', by: 'cpu' });
          else if (helpers() - helpersAtStart > HELPERS_MS) stop({ kind: 'late', by: 'helpers' });
          else watch(Math.max(2, left));
        }, delay);
      }
      memory?.begin();
      if (clock === 'cpu') watch(limitMs);

      asked = {
        n: request.n,
        settle(reply) {
          if (ended === null) {
            measure();
            peak = memory?.peakBytes() ?? null;
            lastReply = now();
          }
          clearInterval(poll);
          clearTimeout(wall);
          clearTimeout(processor);
          // Between two looks, or with the answer: too much is too much.
          if (ended === null && memory?.isAbove(memoryMb)) end({ kind: 'fat' }, false);
          resolve({ ...(ended ?? reply), ms: spent, printed: printer.take(), peak });
        },
      };
      requests.write(encodeFrame(request));
    });
  }

  return {
    /** The process that runs the engine; known once `ready` has resolved. */
    pid: () => pid,
    /** The process this one started, whose session all of the child's processes share. */
    session,
    ready,
    /** Resolves when the process and its pipes are gone. */
    closed,
    ask,
    /** Whether the process is dead or condemned: it answers nothing any more. */
    isOver: () => ended !== null,
    /** From now on weighs like one that runs, or that was parked; a boot that hurries is not slowed down. */
    weigh(weight: Weight): void {
      if (!hurries) become(weight);
    },
    kill: () => end({ kind: 'gone' }, false),
  };
}
export type Sandbox = ReturnType<typeof startSandbox>;
