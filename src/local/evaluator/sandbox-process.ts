import { type ChildProcess, spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import { ChildFrame, type ChildRequest } from './child-protocol.ts';
import { encodeFrame, readFrames } from './frames.ts';
import { BOOT_WALL_MS, FRAME_CAP, HELPERS_MS, residentBackstop, wallBackstop } from './limits.ts';
import { type Clock, cpuMs, processCpuMs, residentMb } from './process-stats.ts';
import type { SandboxCommand } from './sandbox-command.ts';
import type { Snapshot } from './snapshot.ts';

const RESIDENT_POLL_MS = 25;

/** What became of one request: the child's frame, or why there is none. */
export type Reply =
  | { kind: 'frame'; frame: ChildFrame }
  | { kind: 'late'; by: 'cpu' | 'helpers' | 'wall' }
  | { kind: 'fat' }
  | { kind: 'flood' }
  | { kind: 'garbled' }
  | { kind: 'gone' };

/** A reply with the time it took, in milliseconds of the given clock. */
export type TimedReply = Reply & { ms: number };

/** What one request may take: milliseconds of the sandbox's clock, MiB of the engine's heap, and the end of the run. */
export type Allowance = { limitMs: number; memoryMb: number /** On `performance.now()`. */; wallEnd: number };

export type SandboxOptions = {
  command: SandboxCommand;
  clock: Clock;
  /** What the child boots from, on its file descriptor 4. */
  snapshot: Snapshot | null;
  /** User and group to run as; null keeps this process's own. */
  uid: number | null;
  /** Boots at low priority: a spare must not slow down a run. */
  background: boolean;
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

function prioritise(pid: number, priority: number): void {
  try {
    setPriority(pid, priority);
  } catch {
    // Gone already, or not ours to raise: priority is a courtesy, not a wall.
  }
}

/**
 * Boots a single-use child. It must see one submission at most and be killed afterwards whatever came out.
 * Resolves `ready` to false when it did not come up.
 * @throws Error when the system refuses the process at once (no memory, user id not allowed).
 */
export function startSandbox(options: SandboxOptions) {
  const { command, clock, snapshot, uid, background } = options;
  const { file, args, cwd } = command;
  const child = spawn(file, args, {
    cwd,
    env: {},
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore', 'pipe', ...(snapshot === null ? [] : [snapshot.file.fd])],
    ...(uid === null ? {} : { uid, gid: uid }),
  });
  const pid = child.pid ?? 0;
  const mayRaise = process.geteuid?.() === 0;
  if (background && mayRaise) prioritise(pid, constants.priority.PRIORITY_BELOW_NORMAL);

  let waiting: ((reply: Reply) => void) | null = null;
  let ended: Reply | null = null;
  function deliver(reply: Reply): void {
    const receiver = waiting;
    waiting = null;
    receiver?.(reply);
  }
  function end(reply: Reply): void {
    ended ??= reply;
    kill(child);
    deliver(ended);
  }

  const requests = child.stdin as Writable;
  const replies = child.stdio[3] as Readable;
  const closed = new Promise<void>((resolve) => {
    child.once('close', () => {
      end({ kind: 'gone' });
      resolve();
    });
    child.once('error', () => {
      end({ kind: 'gone' });
      if (child.pid === undefined) resolve();
    });
  });
  requests.on('error', () => end({ kind: 'gone' }));
  replies.on('error', () => end({ kind: 'gone' }));
  readFrames(replies, FRAME_CAP, {
    onFrame(message) {
      const frame = ChildFrame.safeParse(message);
      // Lockstep: a frame nobody asked for is the work of the program under test.
      if (!frame.success || waiting === null) end({ kind: 'garbled' });
      else deliver({ kind: 'frame', frame: frame.data });
    },
    onBroken: (why) => end({ kind: why === 'too-large' ? 'flood' : 'garbled' }),
  });

  let residentAtStart = 0;
  let helpersAtStart = 0;
  /** Clock at the last reply: on the CPU clock the child has stood still since then, waiting to be asked. */
  let lastReply: number | null = null;
  const now = () => (clock === 'cpu' ? (cpuMs(pid) ?? 0) : performance.now());

  /** Milliseconds the threads beside the main one have run. */
  const helpers = () => Math.max(0, (processCpuMs(pid) ?? 0) - (cpuMs(pid) ?? 0));

  const ready = new Promise<boolean>((resolve) => {
    const timer = setTimeout(() => end({ kind: 'late', by: 'wall' }), BOOT_WALL_MS);
    waiting = (reply) => {
      clearTimeout(timer);
      residentAtStart = residentMb(pid) ?? 0;
      helpersAtStart = helpers();
      resolve(reply.kind === 'frame' && reply.frame.k === 'READY');
    };
  });

  /** Sends one request and waits for its reply; kills the child when it takes more than it is allowed. */
  function ask(request: ChildRequest, { limitMs, memoryMb, wallEnd }: Allowance): Promise<TimedReply> {
    if (ended !== null) return Promise.resolve({ ...ended, ms: 0 });
    const begin = (clock === 'cpu' ? lastReply : null) ?? now();
    return new Promise((resolve) => {
      const fat = residentAtStart + residentBackstop(memoryMb);
      const resident = setInterval(() => {
        if ((residentMb(pid) ?? 0) > fat) end({ kind: 'fat' });
      }, RESIDENT_POLL_MS);
      const patience = clock === 'cpu' ? wallBackstop(limitMs) : limitMs;
      const wallLeft = Math.max(0, Math.min(patience, wallEnd - performance.now()));
      const wall = setTimeout(() => end({ kind: 'late', by: 'wall' }), wallLeft);
      let processor: NodeJS.Timeout | undefined;
      function watch(delay: number): void {
        processor = setTimeout(() => {
          const left = limitMs - (now() - begin);
          if (left <= 0) end({ kind: 'late', by: 'cpu' });
          else if (helpers() - helpersAtStart > HELPERS_MS) end({ kind: 'late', by: 'helpers' });
          else watch(Math.max(2, left));
        }, delay);
      }
      if (clock === 'cpu') watch(limitMs);

      waiting = (reply) => {
        lastReply = now();
        const ms = Math.max(0, lastReply - begin);
        clearInterval(resident);
        clearTimeout(wall);
        clearTimeout(processor);
        resolve({ ...reply, ms });
      };
      requests.write(encodeFrame(request));
    });
  }

  return {
    pid,
    ready,
    /** Resolves when the process and its pipes are gone. */
    closed,
    ask,
    /** Whether the process is dead or condemned: it answers nothing any more. */
    isOver: () => ended !== null,
    /** Gives a spare back its normal priority before it runs a submission. */
    wake(): void {
      if (background && mayRaise) prioritise(pid, constants.priority.PRIORITY_NORMAL);
    },
    kill: () => end({ kind: 'gone' }),
  };
}
export type Sandbox = ReturnType<typeof startSandbox>;
