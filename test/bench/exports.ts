import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { sql } from 'drizzle-orm';
import pg from 'pg';
import { startServices } from '#cli/services.ts';
import { startWorker } from '#cli/worker-process.ts';
import { createCipher } from '#worker/crypto/cipher.ts';
import { codeSeal } from '#worker/crypto/output.ts';
import { statement } from '#worker/db/statement.ts';
import { Config } from '#worker/env.ts';
import { taskColumns } from '#worker/export/store.ts';
import { freePort, median, say } from './kit.ts';
import { family } from './processes.ts';
import { seedLearners } from './seed.ts';

const TASKS = 100_000;
/** A learner may export six times a minute: these rounds and the other formats stay within that. */
const ROUNDS = 4;
const GOAL = 0.5;

/** Resident MiB of the workerd that runs the Worker, the largest one below this process: now, and at most so far. */
function workerMemory(): string {
  if (!existsSync('/proc/self/status')) return 'not measured here';
  let best = { now: 0, most: 0 };
  for (const pid of family(process.pid)) {
    if (!existsSync(`/proc/${pid}/status`)) continue;
    if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('workerd')) continue;
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const mib = (name: string) =>
      Math.round(Number(RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024);
    if (mib('VmRSS') > best.now) best = { now: mib('VmRSS'), most: mib('VmHWM') };
  }
  return `${best.now} MiB, at most ${best.most}`;
}

/** What a submission is like; sealed as the Worker does it, since an export opens every one. */
const CODE = 'def solve(numbers):\n    return sorted(set(numbers))\n'.repeat(20);
const AT_ONCE = 2000;

async function sealCode(client: pg.Client, learner: string, keyRing: string): Promise<void> {
  const cipher = createCipher(Config.shape.CODE_ENCRYPTION_KEYS.parse(keyRing));
  const { rows } = await client.query<{ id: string; task_id: string; submission_id: string }>(
    'select id, task_id, submission_id from task_evaluations',
  );
  for (let from = 0; from < rows.length; from += AT_ONCE) {
    const part = rows.slice(from, from + AT_ONCE);
    const codes = await Promise.all(
      part.map((row) => cipher.seal(CODE, codeSeal(learner, row.task_id, row.submission_id))),
    );
    await client.query(
      `update task_evaluations e set code = x.code from unnest($1::uuid[], $2::text[]) x(id, code) where e.id = x.id`,
      [part.map(({ id }) => id), codes],
    );
  }
  await client.query('vacuum analyze task_evaluations');
}

/** Exports of 100,000 tasks: time, bytes and the Worker's memory, beside COPY of the same rows as JSON. */
export async function benchExports(): Promise<void> {
  const home = await mkdtemp(path.join(tmpdir(), 'study-paths-bench-'));
  const services = await startServices({ home, durable: false });
  const worker = await startWorker({ port: await freePort(), home, vars: services.vars, crons: false });
  const client = new pg.Client({ connectionString: services.postgresUrl ?? '' });
  try {
    await client.connect();
    const [seeded] = await seedLearners(services.postgresUrl ?? '', [{ learner: 'exporter', tasks: TASKS }]);
    if (seeded === undefined) return;
    await sealCode(client, seeded.learner, services.vars.CODE_ENCRYPTION_KEYS ?? '');
    const minted = await fetch(`${services.running.issuer.url}/__local/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ sub: seeded.learner }),
    });
    const { token } = (await minted.json()) as { token: string };
    const copyRows = statement(
      'copy',
      'read',
      sql`copy (select row_to_json(w) from study_tasks t cross join lateral (select ${taskColumns('t')}) w
        where t.path_id = '${sql.raw(seeded.pathId)}' order by t.scheduled_at, t.id) to stdout`,
    ).text;

    async function copy(): Promise<number> {
      const at = performance.now();
      await client.query(copyRows);
      return performance.now() - at;
    }
    async function download(route: string): Promise<{ ms: number; bytes: number }> {
      const at = performance.now();
      const response = await fetch(`${worker.url}${route}`, {
        headers: { authorization: `Bearer ${token}`, 'accept-encoding': 'identity' },
      });
      if (!response.ok || response.body === null) throw new Error(`${route}: HTTP ${response.status}`);
      let bytes = 0;
      for await (const chunk of response.body) bytes += chunk.byteLength;
      return { ms: performance.now() - at, bytes };
    }

    const load = loadavg()[0] ?? 0;
    say(`load average ${load.toFixed(1)}${load > 4 ? '  NOISY' : ''}`);
    say(`memory of the Worker before the first export: ${workerMemory()}`);
    const ratios: number[] = [];
    for (let round = 1; round <= ROUNDS; round += 1) {
      const baseline = await copy();
      const { ms, bytes } = await download('/v1/study-tasks/export?format=json');
      ratios.push(baseline / ms);
      say(
        `json ${round}: ${TASKS} tasks, ${bytes} bytes, ${(ms / 1000).toFixed(2)} s; COPY ${(baseline / 1000).toFixed(2)} s, ` +
          `ratio ${(baseline / ms).toFixed(2)}; memory ${workerMemory()}`,
      );
    }
    say(`RATIO export to COPY ${median(ratios).toFixed(2)}, goal ${GOAL}`);
    for (const route of ['/v1/study-tasks/export?format=csv', '/v1/me/export']) {
      const { ms, bytes } = await download(route);
      say(`${route}: ${bytes} bytes, ${(ms / 1000).toFixed(2)} s; memory ${workerMemory()}`);
    }
  } finally {
    await client.end();
    await worker.close();
    await services.close();
    await rm(home, { recursive: true, force: true });
  }
}
