import { type Random, seededRandom } from '../simulate/random.ts';
import {
  type ArchiveBench,
  archiveBench,
  CutOff,
  HOURS_LATER,
  type SeededPath,
} from '../support/archive-bench.ts';
import { memoryBucket } from '../support/local-r2.ts';
import { faultyPorts, type Ports } from './kit/archive-ports.ts';
import type { Proof, Report, Row, Violation } from './module.ts';
import { type ArchiveBug, BUGS } from './mutants/archive.ts';

/** Rounds of a run of its own accord, and of each planted bug at most. */
const RUNS = 300;
const BUG_RUNS = 60;

type Counts = Record<string, number>;

function count(counts: Counts, what: string, times = 1): void {
  counts[what] = (counts[what] ?? 0) + times;
}

/** Appends events as learners do meanwhile, each in a statement of its own. */
async function append({ rows }: ArchiveBench, task: string, times: number): Promise<void> {
  for (let time = 0; time < times; time += 1)
    await rows(
      `with task as (update study_tasks set version = version + 1 where id = $1 returning id, version)
       insert into task_events (task_id, seq, event_type, payload, actor, occurred_at)
       select id, version, 'metadata_changed', '{"metadata": {"more": 1}}', '{"type": "learner"}', now() from task`,
      [task],
    );
}

/** What is wrong with a path's logs beside those from before, of which one may have grown; null when nothing is. */
async function lost(bench: ArchiveBench, path: SeededPath, before: string): Promise<string | null> {
  const was = JSON.parse(before) as { seq: number }[][];
  let is: { seq: number }[][];
  try {
    is = JSON.parse(await bench.readAll(path, 1 + path.tasks.length));
  } catch (error) {
    return `reading fails: ${error instanceof Error ? error.message : String(error)}`;
  }
  for (const [at, log] of is.entries()) {
    const old = was[at] ?? [];
    if (JSON.stringify(log.slice(0, old.length)) !== JSON.stringify(old))
      return 'events were lost, doubled or changed';
    if (log.some(({ seq }, index) => seq !== index + 1)) return 'the numbers have a gap';
  }
  return null;
}

/**
 * One path, and whatever may meet in it: runs of the archive that die at some call or whose bucket fails them, several at
 * once, a learner who goes on, an erasure.
 * @returns what went wrong, null for nothing.
 */
async function round(
  bench: ArchiveBench,
  real: Ports,
  random: Random,
  counts: Counts,
  bug: ArchiveBug | null,
): Promise<string | null> {
  const path = await bench.seedPath({
    tasks: 1 + Math.floor(random.next() * 3),
    events: 2 + Math.floor(random.next() * 8),
  });
  const before = await bench.readAll(path);
  const erased = bug === null && random.chance(0.15);
  const grows = random.chance(0.5) ? random.pick(path.tasks) : null;
  const runs = Array.from({ length: 1 + Math.floor(random.next() * 3) }, () => {
    const ports = faultyPorts(bug === null ? real : bug.ports(real, random, bench), random, (fault) =>
      count(counts, fault),
    );
    return bench.archive(ports).catch((error: unknown) => {
      // What a process that has died leaves behind is looked at below.
      if (!(error instanceof CutOff) && !(error instanceof Error && error.name === 'AppError')) throw error;
    });
  });
  if (runs.length > 1) count(counts, 'runs at once');
  await Promise.all([
    ...runs,
    grows === null || erased ? null : append(bench, grows, 3),
    erased ? bench.erase(path.learner) : null,
  ]);
  if (erased) {
    count(counts, 'erasures');
    const { events, manifests } = await bench.state(path.path);
    const stored = manifests.filter(({ state }) => state === 'stored');
    return events === 0 && stored.length === 0 ? null : 'an erased path has events or objects';
  }
  const wrong = await lost(bench, path, before);
  if (wrong !== null) return wrong;
  await bench.archive();
  const later = await lost(bench, path, before);
  if (later !== null) return `after another run: ${later}`;
  const [old] = await bench.rows<{ n: number }>(
    `select count(*)::integer as n from task_events where task_id = any($1) and created_at < '2025-03-01'`,
    [path.tasks],
  );
  return bug !== null || old?.n === 0 ? null : 'another run has left old events in the log';
}

/** What is in the bucket and in no manifest, or the other way round, once everything abandoned was swept. */
async function forgotten(
  bench: ArchiveBench,
  bucket: ReturnType<typeof memoryBucket>,
): Promise<string | null> {
  await bench.archive({ now: HOURS_LATER });
  const { manifests } = await bench.state();
  const keys = await bucket.keys();
  if (manifests.some(({ state }) => state !== 'stored')) return 'an attempt was not swept';
  return JSON.stringify(keys) === JSON.stringify(manifests.map(({ object_key }) => object_key))
    ? null
    : 'bucket and manifests differ';
}

/** Runs of the archive among faults, other runs, learners and erasures: no event is lost, doubled or changed. */
export const proof: Proof = {
  name: 'archive',
  seconds: 60,
  async run({ seed, runs, say }): Promise<Report> {
    const started = Date.now();
    const rounds = runs ?? RUNS;
    const bucket = memoryBucket();
    const bench = await archiveBench(bucket);
    const real = { db: bench.db, bucket };
    const violations: Violation[] = [];
    const faults: Counts = {};
    try {
      for (let at = 1; at <= rounds; at += 1) {
        const wrong = await round(bench, real, seededRandom(seed, `archive ${at}`), faults, null);
        if (wrong !== null) {
          violations.push({ what: `round ${at}: ${wrong}`, replay: `archive --seed ${seed} --runs ${at}` });
        }
        if (at % 100 === 0) say(`${at} rounds`);
      }
      const left = await forgotten(bench, bucket);
      if (left !== null) violations.push({ what: left, replay: `archive --seed ${seed} --runs ${rounds}` });
      const row: Row = {
        name: 'archive',
        runs: rounds,
        faults,
        violations: violations.length,
        seconds: (Date.now() - started) / 1000,
      };
      const mutants = [];
      for (const bug of BUGS) {
        let caught: string | null = null;
        for (let at = 1; at <= BUG_RUNS && caught === null; at += 1) {
          const wrong = await round(bench, real, seededRandom(seed, `${bug.name} ${at}`), {}, bug);
          caught = wrong === null ? null : `round ${at}: ${wrong}`;
        }
        mutants.push({ name: bug.name, caught });
      }
      return { rows: [row], violations, mutants, seconds: (Date.now() - started) / 1000 };
    } finally {
      await bench.close();
    }
  },
};
