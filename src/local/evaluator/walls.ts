import { Language } from '#contract/vocabulary.ts';
import { bootSandbox, freshUid } from './pool.ts';
import { availableClock, type Clock, residentMb } from './process-stats.ts';
import type { Sandbox } from './sandbox-process.ts';
import type { Snapshot } from './snapshot.ts';

/** What this machine lets the service do; everything else holds everywhere. */
export type Means = {
  clock: Clock;
  /** Children get user ids of their own. */
  ownUid: boolean;
  /** The size of another process can be read. */
  resident: boolean;
  /** A shell sets resource limits. */
  ulimit: boolean;
};

/** Whether children come up under another user id: this process is root, and that user can read what they need. */
async function canChangeUid(snapshot: Snapshot, clock: Clock): Promise<boolean> {
  if (process.geteuid?.() !== 0) return false;
  const uid = freshUid();
  const probes: Sandbox[] = [];
  try {
    for (const language of Language.options) {
      probes.push(bootSandbox(language, snapshot, { clock, uid, background: false }));
    }
    return (await Promise.all(probes.map(({ ready }) => ready))).every((up) => up);
  } catch {
    return false; // a container that maps no other user: its children run as the service does
  } finally {
    for (const probe of probes) probe.kill();
    await Promise.all(probes.map(({ closed }) => closed));
  }
}

/** Tries what cannot be known otherwise; boots one child of each language for it. */
export async function findMeans(snapshot: Snapshot): Promise<Means> {
  const clock = availableClock();
  return {
    clock,
    ownUid: await canChangeUid(snapshot, clock),
    resident: residentMb(process.pid) !== null,
    ulimit: process.platform !== 'win32',
  };
}

/** What stands between a submission and the machine, as `/health` tells it. */
export function wallsOf({ clock, ownUid, resident, ulimit }: Means): string[] {
  return [
    'webassembly engine without host functions',
    'node permission model: reads two folders; no writing, network, processes, workers, addons',
    'no code generation from strings',
    'memory cap in the engine',
    'empty environment, no output streams, own process group, single use',
    'length-capped frames in lockstep',
    ...(clock === 'cpu' ? ['limits by processor time, wall-clock backstop'] : []),
    ...(resident ? ['resident-size backstop'] : []),
    ...(ulimit ? ['ulimit: processor seconds, open files, no written files, no core dumps'] : []),
    ...(ownUid ? ['own user id per child'] : []),
  ];
}

/** What this platform or the rights of the service lack, in words for an operator; empty where nothing is missing. */
export function lacksOf({ clock, ownUid, resident, ulimit }: Means): string[] {
  return [
    ...(clock === 'cpu'
      ? []
      : ['no processor clock of other processes: limits are by wall time, busy machines judge stricter']),
    ...(resident
      ? []
      : ["no resident size of other processes: memory is bounded by the engines' own caps only"]),
    ...(ulimit ? [] : ['no resource limits: an orphan of a killed service is not ended by the kernel']),
    ...(ownUid
      ? []
      : ['children share the user id of the service (not root, or no other user): they could signal it']),
    ...(process.geteuid?.() === 0 ? [] : ['refills run at normal priority: only root may raise it again']),
  ];
}
