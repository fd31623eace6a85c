import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { startServices } from '#cli/services.ts';
import { startWorker } from '#cli/worker-process.ts';
import { startTutor } from '#services/tutor/index.ts';
import { tutorRequest } from '../local/tutor-request.ts';
import {
  ANY_BYTES,
  byteByByte,
  cutEverywhere,
  inTurns,
  STREAMS,
  scriptOf,
  withScripts,
} from '../support/sse.ts';
import { freePort, median, say } from './kit.ts';
import { cpuMs, workerds } from './processes.ts';
import { hintLearners } from './sse-learners.ts';
import { startRelay, WAYS, type Way } from './sse-relay.ts';

const EVENT = Buffer.from('event: delta\ndata: {"text":"seventeen "}\n\n');
const GOALS: Readonly<Record<Way, number | null>> = { return: null, body: 1.2, pipe: null, record: 2 };
const ROUNDS = 5;

const ms = (value: number) => value.toFixed(1);

function noise(): string {
  const load = loadavg()[0] ?? 0;
  return `load average ${load.toFixed(1)}${load > 4 ? '  NOISY' : ''}`;
}

function spread(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) =>
    ms(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN);
  return `p50 ${at(0.5)}, p95 ${at(0.95)}, most ${at(1)} ms`;
}

/** Milliseconds to the first byte, and all bytes. */
async function listen(url: string, init: RequestInit): Promise<{ first: number; bytes: Buffer }> {
  const at = performance.now();
  const response = await fetch(url, init);
  if (response.status !== 200 || response.body === null) {
    throw new Error(`${url}: HTTP ${response.status} ${await response.text()}`);
  }
  let first: number | null = null;
  const parts: Uint8Array[] = [];
  for await (const part of response.body) {
    first ??= performance.now() - at;
    parts.push(part);
  }
  return { first: first ?? Number.NaN, bytes: Buffer.concat(parts) };
}

/** CPU of workerd per event, by the way that a stream takes; beside them what the goals compare it with. */
async function ratios(streams: number, events: number, pauseMs: number): Promise<void> {
  const tutor = await startTutor();
  const known = new Set(workerds());
  const relay = await startRelay(tutor.url, JSON.stringify(tutorRequest()));
  const pid = workerds().find((candidate) => !known.has(candidate));
  const perEvent = new Map<Way, number[]>(WAYS.map((way) => [way, []]));
  const whole = Buffer.concat(Array.from({ length: events }, () => EVENT));
  const script = { ...scriptOf([EVENT], pauseMs), repeat: events };
  async function run(way: Way): Promise<number> {
    const before = pid === undefined ? 0 : cpuMs(pid);
    const heard = await inTurns(streams, streams, () => listen(`${relay.url}/${way}`, { method: 'POST' }));
    if (heard.some(({ bytes }) => !bytes.equals(whole)))
      throw new Error(`${way}: other bytes came than were sent`);
    // The recording reads its last piece a quarter of a second later.
    await new Promise((resolve) => setTimeout(resolve, 400));
    return pid === undefined ? Number.NaN : ((cpuMs(pid) - before) * 1000) / (streams * events);
  }
  try {
    await withScripts(tutor.url, [script], async () => {
      for (const way of WAYS) await run(way);
      for (let round = 0; round < ROUNDS; round += 1)
        for (const way of WAYS) perEvent.get(way)?.push(await run(way));
    });
    const base = perEvent.get('return') ?? [];
    say(
      `${streams} streams of ${events} events, ${pauseMs === 0 ? 'back to back' : `one every ${pauseMs} ms`}; ${noise()}`,
    );
    for (const way of WAYS) {
      const figures = perEvent.get(way) ?? [];
      const ratio = median(figures.map((figure, round) => figure / (base[round] ?? Number.NaN)));
      const goal = GOALS[way] === null ? '' : `, goal ${GOALS[way]}`;
      say(`  ${way.padEnd(6)} ${ms(median(figures))} us of CPU per event, RATIO ${ratio.toFixed(2)}${goal}`);
    }
  } finally {
    await relay.close();
    await tutor.close();
  }
}

/** Streams through the whole product: bytes, first byte, many at once, clients that leave. */
async function product(): Promise<void> {
  const home = await mkdtemp(path.join(tmpdir(), 'study-paths-bench-'));
  const services = await startServices({ home, durable: false });
  const worker = await startWorker({ port: await freePort(), home, vars: services.vars, crons: false });
  const { tutor, issuer } = services.running;
  const learners = hintLearners(worker.url, issuer.url);
  try {
    let sent = 0;
    let wrong = 0;
    const texts = [...Object.values(STREAMS).map((text) => Buffer.from(text)), ANY_BYTES];
    for (const bytes of texts) {
      const scripts = [...cutEverywhere(bytes), byteByByte(bytes)];
      await withScripts(tutor.url, scripts, async () => {
        const heard = await inTurns(scripts.length, 8, async () => listen(...(await learners.hint())));
        wrong += heard.filter((one) => !one.bytes.equals(bytes)).length;
        sent += heard.length;
      });
    }
    say(`${texts.length} streams, each cut at every byte: ${sent} sent, ${wrong} arrived with other bytes`);

    const authorization = `Bearer ${services.vars.TUTOR_API_KEY}`;
    const direct = { method: 'POST', headers: { authorization }, body: JSON.stringify(tutorRequest()) };
    const firsts = { direct: [] as number[], worker: [] as number[] };
    await withScripts(tutor.url, [scriptOf([EVENT, EVENT])], async () => {
      for (let i = 0; i < 60; i += 1) {
        firsts.direct.push((await listen(`${tutor.url}/v1/hints`, direct)).first);
        firsts.worker.push((await listen(...(await learners.hint()))).first);
      }
    });
    say(`first byte, tutor alone:        ${spread(firsts.direct)}; ${noise()}`);
    say(`first byte, through the Worker: ${spread(firsts.worker)} (token, task, problem, tutor)`);

    const script = { ...scriptOf([EVENT], 20), repeat: 100 };
    const whole = Buffer.concat(Array.from({ length: 100 }, () => EVENT));
    await withScripts(tutor.url, [script], async () => {
      const asked = [];
      for (let i = 0; i < 200; i += 1) asked.push(await learners.hint());
      const at = performance.now();
      const heard = await Promise.all(asked.map((request) => listen(...request)));
      const intact = heard.filter((one) => one.bytes.equals(whole)).length;
      say(
        `200 streams at once of 100 events every 20 ms: ${intact} byte for byte, ${ms((performance.now() - at) / 1000)} s; ` +
          `first byte ${spread(heard.map(({ first }) => first))}; ${noise()}`,
      );
      wrong += 200 - intact;
    });

    const seen = await withScripts(tutor.url, [{ ...scriptOf([EVENT], 50), repeat: 400 }], () =>
      inTurns(20, 4, async () => learners.leave(await learners.hint(), tutor.url)),
    );
    say(`the tutor sees that a client left after: ${spread(seen)}, goal 1000 ms; ${noise()}`);
    if (wrong > 0) throw new Error(`${wrong} streams arrived with other bytes`);
  } finally {
    await worker.close();
    await services.close();
    await rm(home, { recursive: true, force: true });
  }
}

/** Event streams of the tutor through the Worker. @throws Error when one byte is another. */
export async function benchSse(): Promise<void> {
  await ratios(100, 200, 0);
  await ratios(100, 100, 20);
  await product();
}
