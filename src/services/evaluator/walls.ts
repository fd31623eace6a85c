import { spawnSync } from 'node:child_process';
import { Language } from '#contract/vocabulary.ts';
import { type Container, findBubblewrap } from './bubblewrap.ts';
import { bootSandbox, freshUid } from './pool.ts';
import { availableClock, type Clock, residentMb } from './process-stats.ts';
import { STACK_KIB } from './sandbox-command.ts';
import type { Sandbox } from './sandbox-process.ts';
import type { Snapshot } from './snapshot.ts';
import { type Weighing, weighingOf } from './weight.ts';

/** What this machine lets the service do; everything else holds everywhere. */
export type Means = {
  clock: Clock;
  /** Children get user ids of their own. */
  ownUid: boolean;
  /** The size of another process can be read. */
  resident: boolean;
  /** A shell sets resource limits. */
  ulimit: boolean;
  /** The system allows the stack that deep recursion and long chains need. */
  deepStack: boolean;
  /** What every child runs in; null where bubblewrap is missing or the system refuses it. */
  container: Container | null;
  /** Children are made light, lest they slow down everything else on the machine. */
  weighing: Weighing;
};

/** What the operator does not want is not tried. */
export type Wanted = { bubblewrap: boolean; light: boolean };

function allowsDeepStack(): boolean {
  if (process.platform === 'win32') return false;
  return spawnSync('/bin/sh', ['-c', `ulimit -s ${STACK_KIB}`], { stdio: 'ignore' }).status === 0;
}

type Boundary = { uid: boolean; container: Container | null };

/** Whether children of both languages come up so, and what they can be made light by; null where they do not. */
async function tried(
  snapshot: Snapshot,
  clock: Clock,
  { uid, container }: Boundary,
): Promise<Weighing | null> {
  const probes: Sandbox[] = [];
  try {
    for (const language of Language.options) {
      const own = uid ? freshUid() : null;
      probes.push(
        bootSandbox(language, snapshot, { clock, uid: own, background: false, light: false, container }),
      );
    }
    const up = (await Promise.all(probes.map(({ ready }) => ready))).every((came) => came);
    return up && probes[0] !== undefined ? weighingOf(probes[0].session) : null;
  } catch {
    return null; // the system refuses such a process at once: no other user, no file handles
  } finally {
    for (const probe of probes) probe.kill();
    await Promise.all(probes.map(({ closed }) => closed));
  }
}

/**
 * Tries what cannot be known otherwise, from the strictest boundary to the weakest; boots one child of each language for
 * every try. The last one needs nothing of the system.
 */
export async function findMeans(snapshot: Snapshot, wanted: Wanted): Promise<Means> {
  const clock = availableClock();
  const bubblewrap = wanted.bubblewrap ? await findBubblewrap() : null;
  const uids = process.geteuid?.() === 0 ? [true, false] : [false];
  const containers = bubblewrap === null ? [null] : [bubblewrap, null];
  const boundaries = containers.flatMap((container) => uids.map((uid) => ({ uid, container })));
  const common = {
    clock,
    resident: residentMb(process.pid) !== null,
    ulimit: process.platform !== 'win32',
    deepStack: allowsDeepStack(),
  };
  for (const boundary of boundaries) {
    const weighing = await tried(snapshot, clock, boundary);
    if (weighing === null) continue;
    const { uid: ownUid, container } = boundary;
    return { ...common, ownUid, container, weighing: wanted.light ? weighing : 'nothing' };
  }
  return { ...common, ownUid: false, container: null, weighing: 'nothing' };
}

/** What stands between a submission and the machine, as `/health` tells it. */
export function wallsOf({ clock, ownUid, resident, ulimit, container, weighing }: Means): string[] {
  return [
    'Python: webassembly engine without host functions; JavaScript: V8 context without host objects',
    'node permission model: reads two folders; no writing, network, processes, workers, addons',
    'no code generation from strings',
    'Python: memory cap in the engine',
    'empty environment, no output streams, own process group, single use',
    'length-capped frames in lockstep',
    ...(clock === 'cpu' ? ['limits by processor time, wall-clock backstop'] : []),
    ...(resident ? ['memory limit of JavaScript and backstop of Python by the size of the process'] : []),
    ...(ulimit ? ['ulimit: processor seconds, open files, no written files, no core dumps'] : []),
    ...(ownUid ? ['own user id per child'] : []),
    ...(container === null
      ? []
      : [
          'bubblewrap: no network, no other processes, read-only view of Node and two folders, dies with the service',
        ]),
    ...(weighing === 'nothing' ? [] : [`children weigh little (${weighing})`]),
  ];
}

/** What this platform or the rights of the service lack, in words for an operator; empty where nothing is missing. */
export function lacksOf({
  clock,
  ownUid,
  resident,
  ulimit,
  deepStack,
  container,
  weighing,
}: Means): string[] {
  const exposed = container === null ? ': they could signal it' : ', which bubblewrap hides from them';
  return [
    ...(clock === 'cpu'
      ? []
      : ['no processor clock of other processes: limits are by wall time, busy machines judge stricter']),
    ...(resident
      ? []
      : ["no resident size of other processes: memory is bounded by the engines' own caps only"]),
    ...(deepStack
      ? []
      : [
          'no large stack: recursion ends an eighth as deep, and long chains of Python objects end the process',
        ]),
    ...(ulimit ? [] : ['no resource limits: an orphan of a killed service is not ended by the kernel']),
    ...(ownUid ? [] : [`children share the user id of the service (not root, or no other user)${exposed}`]),
    ...(container === null
      ? [
          'no bubblewrap (bwrap 0.5 or newer in PATH, user namespaces allowed): the kernel is not told to contain',
        ]
      : []),
    ...(weighing === 'nothing'
      ? ['children cannot be made light: they slow down what runs next to them']
      : []),
  ];
}
