import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { startServices } from '#cli/services.ts';
import { startWorker } from '#cli/worker-process.ts';
import { explainRequest } from './explain.ts';
import { freePort, median, say } from './kit.ts';
import { type Seeded, seedLearners } from './seed.ts';

const SIZES = [200, 2000, 20_000, 100_000];
const ORDINARY = 2000;
const ROUNDS = 25;

type Read = { name: string; route: (seeded: Seeded) => string; goal?: number };

/** The reads whose growth is promised, then the others, for their plans alone. */
const READS: Read[] = [
  { name: 'next', route: () => '/v1/study-tasks/next', goal: 1.5 },
  { name: 'list', route: () => '/v1/study-tasks', goal: 2 },
  { name: 'progress', route: ({ pathId }) => `/v1/study-paths/${pathId}/progress`, goal: 3 },
  { name: 'events', route: ({ taskId }) => `/v1/study-tasks/${taskId}/events` },
  { name: 'task', route: ({ taskId }) => `/v1/study-tasks/${taskId}` },
  { name: 'hints', route: ({ taskId }) => `/v1/study-tasks/${taskId}/hints` },
  { name: 'current', route: () => '/v1/study-paths/current' },
  { name: 'paths', route: () => '/v1/study-paths' },
  { name: 'list, one module', route: () => '/v1/study-tasks?module=heaps' },
  { name: 'list, status', route: () => '/v1/study-tasks?status=completed' },
  { name: 'list, difficulty', route: () => '/v1/study-tasks?difficulty=3' },
  { name: 'list, topic', route: () => '/v1/study-tasks?topic=topic-7' },
  { name: 'list, dates', route: () => '/v1/study-tasks?from=2024-01-01&to=2024-01-02&order=asc' },
  { name: 'export, first page', route: () => '/v1/study-tasks/export?format=json&to=2024-01-03' },
];

/** Reads of learners with 200 to 100,000 tasks beside 2,000 ordinary ones, as ratios to the smallest history. */
export async function benchReads(): Promise<void> {
  const home = await mkdtemp(path.join(tmpdir(), 'study-paths-bench-'));
  const services = await startServices({ home, durable: false });
  const worker = await startWorker({ port: await freePort(), home, vars: services.vars, crons: false });
  try {
    const { database, issuer } = services.running;
    const databaseUrl = services.postgresUrl ?? '';
    const started = performance.now();
    const ordinary = Array.from({ length: ORDINARY }, (_, n) => ({ learner: `ordinary-${n}`, tasks: 20 }));
    await seedLearners(databaseUrl, ordinary);
    const seeded = await seedLearners(
      databaseUrl,
      SIZES.map((tasks) => ({ learner: `learner-${tasks}`, tasks })),
    );
    say(
      `seeded ${ORDINARY} learners with 20 tasks and ${SIZES.join(', ')} in ${((performance.now() - started) / 1000).toFixed(1)} s`,
    );

    const tokens = new Map<string, string>();
    for (const { learner } of seeded) {
      const response = await fetch(`${issuer.url}/__local/token`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ sub: learner }),
      });
      tokens.set(learner, ((await response.json()) as { token: string }).token);
    }
    async function ask(read: Read, who: Seeded): Promise<{ ms: number; requestId: string }> {
      const requestId = randomUUID();
      const at = performance.now();
      const response = await fetch(`${worker.url}${read.route(who)}`, {
        headers: { authorization: `Bearer ${tokens.get(who.learner)}`, 'x-request-id': requestId },
      });
      await response.arrayBuffer();
      if (!response.ok) throw new Error(`${read.name}: HTTP ${response.status}`);
      return { ms: performance.now() - at, requestId };
    }

    say(
      `\nmedian of ${ROUNDS} interleaved rounds; load average ${loadavg()[0]?.toFixed(1)}${(loadavg()[0] ?? 0) > 4 ? '  NOISY' : ''}`,
    );
    say('read                 tasks     wall ms  ratio    SQL ms  ratio   buffers  ratio  goal');
    for (const read of READS.filter(
      (candidate) => candidate.goal !== undefined || candidate.name === 'events',
    )) {
      const walls = new Map<Seeded, number[]>(seeded.map((who) => [who, []]));
      for (let round = -3; round < ROUNDS; round += 1) {
        for (const who of seeded) {
          const { ms } = await ask(read, who);
          if (round >= 0) walls.get(who)?.push(ms);
        }
      }
      let base: { wall: number; sql: number; buffers: number } | null = null;
      for (const who of seeded) {
        const { requestId } = await ask(read, who);
        const plans = [];
        for (let n = 0; n < 5; n += 1) plans.push(await explainRequest(database.url, databaseUrl, requestId));
        const now = {
          wall: median(walls.get(who) ?? []),
          sql: median(plans.map((plan) => plan.ms)),
          buffers: plans.at(-1)?.buffers ?? 0,
        };
        base ??= now;
        const cells = [
          [now.wall.toFixed(1), (now.wall / base.wall).toFixed(2)],
          [now.sql.toFixed(2), (now.sql / base.sql).toFixed(2)],
          [String(now.buffers), (now.buffers / Math.max(1, base.buffers)).toFixed(2)],
        ];
        say(
          `${read.name.padEnd(18)}${String(who.tasks).padStart(8)}` +
            cells.map(([value = '', ratio = '']) => `${value.padStart(11)}${ratio.padStart(7)}`).join('') +
            `${(read.goal === undefined ? '' : `<= ${read.goal}`).padStart(8)}`,
        );
      }
    }

    const largest = seeded.at(-1);
    if (largest === undefined) return;
    say(`\nplans for the learner with ${largest.tasks} tasks`);
    for (const read of READS) {
      const { requestId } = await ask(read, largest);
      const plan = await explainRequest(database.url, databaseUrl, requestId);
      say(
        `${read.name.padEnd(20)}${String(plan.buffers).padStart(7)} buffers ${plan.ms.toFixed(2).padStart(8)} ms  ${plan.scans.join(', ')}`,
      );
    }
  } finally {
    await worker.close();
    await services.close();
    await rm(home, { recursive: true, force: true });
  }
}
