import { cpus, freemem, loadavg } from 'node:os';
import {
  type Arena,
  openArena,
  type Program,
  type ProgramSet,
  programsOf,
  survivors,
} from '../support/evaluator-arena.ts';
import { say } from './kit.ts';

const MIB = 1_048_576;
/** At the same time, as many as the evaluator has slots. */
const FIGHTERS = 2;

function mib(bytes: number): string {
  return `${Math.round(bytes / MIB)} MiB`;
}

/** Service process and machine. */
function memory(): string {
  const { rss, heapUsed } = process.memoryUsage();
  return `service ${mib(rss)} resident, ${mib(heapUsed)} heap; machine ${mib(freemem())} free`;
}

async function fightAll(arena: Arena, set: ProgramSet, programs: Program[]): Promise<number> {
  const waiting = [...programs];
  let contained = 0;
  async function fighter(): Promise<void> {
    for (let program = waiting.shift(); program !== undefined; program = waiting.shift()) {
      const { verdict, passed, memoryMb, breaches } = await arena.fight(program);
      if (breaches.length === 0) contained += 1;
      const expected = program.expected_verdict.join('/');
      const rest = `${passed}/${program.tests.length} passed, ${memoryMb} MiB`;
      say(
        `${breaches.length === 0 ? 'ok  ' : 'BAD '} ${program.id.padEnd(30)} expected ${expected.padEnd(15)} got ${verdict.padEnd(4)} ${rest} ${breaches.join('; ')}`,
      );
    }
  }
  await Promise.all(Array.from({ length: FIGHTERS }, fighter));
  say(`${set}: ${contained} of ${programs.length} as expected and contained\n`);
  return programs.length - contained;
}

/** All programs of test/data/programs and test/hostile. @throws Error if one is not contained or a child survives. */
export async function benchPrograms(): Promise<void> {
  say(`${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}`);
  const arena = await openArena({ slots: FIGHTERS });
  say(`before: ${memory()}\n`);
  let bad = 0;
  try {
    for (const set of ['benign', 'hostile', 'own'] as const)
      bad += await fightAll(arena, set, programsOf(set));
  } finally {
    say(`after: ${memory()}`);
    await arena.close();
  }
  const left = process.platform === 'linux' ? survivors().length : 0;
  say(`connections to the listener: ${arena.connections()}; children left: ${left}`);
  if (bad > 0 || left > 0 || arena.connections() > 0) throw new Error(`${bad} programs not contained`);
}
