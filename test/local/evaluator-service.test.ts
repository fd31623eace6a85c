import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import {
  EvaluationAccepted,
  EvaluationRequest,
  EvaluationResponse,
  EvaluatorHealth,
} from '#contract/evaluator.ts';
import type { Language } from '#contract/vocabulary.ts';
import type { RunningService } from '../../src/services/common/service.ts';
import { type EvaluatorOptions, startEvaluator } from '../../src/services/evaluator/index.ts';
import { judge } from '../../src/services/evaluator/judge.ts';
import { createLog, type LogEntry } from '../../src/services/evaluator/log.ts';
import { availableClock } from '../../src/services/evaluator/process-stats.ts';
import type { SandboxCommand } from '../../src/services/evaluator/sandbox-command.ts';
import { sizeFor } from '../../src/services/evaluator/sizing.ts';
import { createSlots, type Turn } from '../../src/services/evaluator/slots.ts';
import { lacksOf, type Means, wallsOf } from '../../src/services/evaluator/walls.ts';
import { survivors } from '../support/evaluator-arena.ts';
import { result, type Step, withScript } from '../support/scripted-child.ts';

const KEY = 'key-of-the-service';
const AUTHORIZED = { authorization: `Bearer ${KEY}` };

function request(code: string, language: Language = 'javascript', timeMs = 5000) {
  return EvaluationRequest.parse({
    submission_id: 'sub-1',
    language,
    entry_point: 'solve',
    code,
    comparison: 'exact',
    signature: null,
    limits: { time_ms: timeMs },
    tests: [
      { number: 1, hidden: false, args: ['CANARY-arg'], expected: 'CANARY-expected' },
      { number: 2, hidden: true, args: ['CANARY-hidden'], expected: 'x' },
    ],
  });
}
function post(url: string, body: unknown, query = '', headers: Record<string, string> = {}) {
  const init = { method: 'POST', headers: { ...AUTHORIZED, ...headers }, body: JSON.stringify(body) };
  return fetch(`${url}/v1/evaluations${query}`, init);
}
async function codeOf(response: Response): Promise<string> {
  return ((await response.json()) as { error: { code: string } }).error.code;
}
async function withService(
  options: Partial<EvaluatorOptions>,
  use: (service: RunningService, entries: LogEntry[]) => Promise<void>,
): Promise<LogEntry[]> {
  const entries: LogEntry[] = [];
  const spares = { python: 0, javascript: 1 };
  const log = (entry: LogEntry) => void entries.push(entry);
  const service = await startEvaluator({ apiKey: KEY, light: false, spares, log, ...options });
  try {
    await use(service, entries);
  } finally {
    await service.close();
  }
  return entries;
}
async function health(url: string): Promise<EvaluatorHealth> {
  return EvaluatorHealth.parse(await (await fetch(`${url}/health`)).json());
}

const queueOf = async (url: string) => (await health(url)).queue;

const SPIN = 'function solve() { const end = Date.now() + 700; while (Date.now() < end); return 1; }';
const LOOP = 'function solve() { for (;;); }';

describe('stopping', () => {
  test('what runs may end and reaches its caller; what waits or comes is refused', async () => {
    await withService({ slots: 1, graceMs: 30_000 }, async (service) => {
      const running = post(service.url, request(SPIN));
      await expect.poll(async () => (await health(service.url)).queue.running).toBe(1);
      const waiting = post(service.url, request(SPIN));
      await expect.poll(async () => (await health(service.url)).queue.waiting).toBe(1);
      const closed = service.close();
      const refused = await waiting;
      expect([refused.status, await codeOf(refused)]).toEqual([503, 'NOT_READY']);
      expect(refused.headers.get('retry-after')).toMatch(/^[1-9]/);
      const ended = await running;
      expect(EvaluationResponse.parse(await ended.json()).verdict).toBe('WA');
      await closed;
      await expect(fetch(`${service.url}/health`)).rejects.toThrow();
    });
  });
  test('what does not end in time is killed, answered with 503, and never an IE', async () => {
    await withService({ slots: 1, graceMs: 50 }, async (service) => {
      const running = post(service.url, request(LOOP));
      await expect.poll(async () => (await health(service.url)).queue.running).toBe(1);
      await service.close();
      const answer = await running;
      expect([answer.status, await codeOf(answer)]).toEqual([503, 'NOT_READY']);
    });
  });
});

describe('the log', () => {
  test('has one line per evaluation and holds nothing of the program or its tests', async () => {
    const loud = `
      // CANARY-comment
      console.log('CANARY-printed');
      function solve(x) { const e = new Error('CANARY-message' + x); e.name = 'CANARY-name'; throw e; }`;
    const entries = await withService({}, async (service) => {
      await post(service.url, request(loud));
      await post(service.url, request('CANARY syntax error ('));
      await post(service.url, request('const solve = () => "CANARY-answer"'));
      await post(service.url, '{"CANARY": "not a request"}');
    });
    const lines: string[] = [];
    const log = createLog((line) => lines.push(line));
    for (const entry of entries) log(entry);
    expect(entries.map(({ event }) => event)).toEqual([
      'started',
      'evaluated',
      'evaluated',
      'evaluated',
      'stopping',
      'stopped',
    ]);
    expect(entries[1]).toMatchObject({
      ...{ submission_id: 'sub-1', language: 'javascript', code_bytes: Buffer.byteLength(loud) },
      ...{ verdict: 'RE', passed: 0, total: 2, attempts: 1 },
    });
    expect(lines.join('\n')).not.toContain('CANARY');
    // The same search finds a canary that is there.
    log({ event: 'refused', submission_id: 'CANARY', code: 'QUEUE_FULL' });
    expect(lines.at(-1)).toContain('CANARY');
    for (const line of lines) {
      expect(JSON.parse(line)).toMatchObject({ service: 'evaluator', at: expect.stringMatching(/^2/) });
    }
  });
});

describe('asynchronous evaluations', () => {
  test('202 says where the answer will be, and a repeated key finds the same run', async () => {
    await withService({ slots: 1 }, async (service) => {
      const key = { 'idempotency-key': 'sub-1:1' };
      const first = await post(service.url, request(SPIN), '?wait=false', key);
      expect(first.status).toBe(202);
      expect(first.headers.get('retry-after')).toBe('1');
      const { evaluation_id: id } = EvaluationAccepted.parse(await first.json());
      expect(first.headers.get('location')).toBe(`/v1/evaluations/${id}`);
      const pending = await fetch(`${service.url}${first.headers.get('location')}`, { headers: AUTHORIZED });
      expect([pending.status, await pending.json()]).toEqual([202, { evaluation_id: id }]);
      const joined = EvaluationResponse.parse(await (await post(service.url, request(SPIN), '', key)).json());
      expect(joined.evaluation_id).toBe(id);
      const done = await fetch(`${service.url}/v1/evaluations/${id}`, { headers: AUTHORIZED });
      expect([done.status, EvaluationResponse.parse(await done.json())]).toEqual([200, joined]);
      const unknown = await fetch(`${service.url}/v1/evaluations/${id}`);
      expect(unknown.status).toBe(401);
    });
  });
});

describe('cancelling', () => {
  const remove = async (url: string, rest: string) => {
    const response = await fetch(`${url}/v1/evaluations${rest}`, { method: 'DELETE', headers: AUTHORIZED });
    return response.status === 200 ? ((await response.json()) as { cancelled: boolean }).cancelled : null;
  };
  test('a caller that leaves takes its run with it, and its place in the queue', async () => {
    await withService({ slots: 1 }, async (service, entries) => {
      const [running, waiting] = [new AbortController(), new AbortController()];
      const send = ({ signal }: AbortController, learner: string) => {
        const body = JSON.stringify({ ...request(LOOP), learner });
        const init = { method: 'POST', headers: AUTHORIZED, body, signal };
        return fetch(`${service.url}/v1/evaluations`, init).catch(() => null);
      };
      const both = [send(running, 'learner-1'), send(waiting, 'learner-2')];
      await expect.poll(() => queueOf(service.url)).toMatchObject({ running: 1, waiting: 1 });
      waiting.abort();
      await expect.poll(() => queueOf(service.url)).toMatchObject({ running: 1, waiting: 0 });
      running.abort();
      await expect.poll(() => queueOf(service.url)).toMatchObject({ running: 0, waiting: 0 });
      await Promise.all(both);
      const cancels = entries.filter(({ event }) => event === 'cancelled' || event === 'evaluated');
      expect(cancels.map(({ event }) => event)).toEqual(['cancelled', 'cancelled']);
    });
  });
  test('a run goes on while another caller waits under its key, or means to fetch the answer later', async () => {
    await withService({ slots: 2 }, async (service) => {
      const key = { 'idempotency-key': 'shared' };
      const [first, second] = [new AbortController(), new AbortController()];
      const join = ({ signal }: AbortController, headers = key, query = '') =>
        fetch(`${service.url}/v1/evaluations${query}`, {
          ...{ method: 'POST', headers: { ...AUTHORIZED, ...headers }, signal },
          body: JSON.stringify(request(SPIN)),
        });
      const left = join(first).catch(() => null);
      await expect.poll(() => queueOf(service.url)).toMatchObject({ running: 1 });
      const stays = join(second);
      const later = await join(new AbortController(), { 'idempotency-key': 'later' }, '?wait=false');
      first.abort();
      expect(await left).toBeNull();
      expect(EvaluationResponse.parse(await (await stays).json()).verdict).toBe('WA');
      const location = `${service.url}${later.headers.get('location')}`;
      const status = async () => (await fetch(location, { headers: AUTHORIZED })).status;
      await expect.poll(status, { timeout: 20_000 }).toBe(200);
    });
  });
  test('DELETE answers when the child is dead, says whether there was one, and the key may be used again', async () => {
    await withService({ slots: 1 }, async (service) => {
      const key = { 'idempotency-key': 'sub-1:1' };
      const running = post(service.url, request(LOOP), '', key);
      await expect.poll(() => queueOf(service.url)).toMatchObject({ running: 1 });
      expect(await remove(service.url, '?key=sub-1:1')).toBe(true);
      expect(await queueOf(service.url)).toMatchObject({ running: 0, waiting: 0 });
      const answer = await running;
      expect([answer.status, await codeOf(answer)]).toEqual([409, 'CANCELLED']);
      expect(await remove(service.url, '?key=sub-1:1')).toBe(false);
      expect(await remove(service.url, '?key=unknown')).toBe(false);
      expect(await remove(service.url, '')).toBeNull();
      const again = await post(service.url, request('const solve = (x) => x'), '', key);
      expect(EvaluationResponse.parse(await again.json()).verdict).toBe('WA');
      expect(await remove(service.url, '?key=sub-1:1')).toBe(false);
      const kept = await post(service.url, request(LOOP), '?wait=false');
      const { evaluation_id: id } = EvaluationAccepted.parse(await kept.json());
      expect([await remove(service.url, `/${id}`), await remove(service.url, `/${id}`)]).toEqual([
        true,
        false,
      ]);
      const unsigned = await fetch(`${service.url}/v1/evaluations?key=x`, { method: 'DELETE' });
      expect(unsigned.status).toBe(401);
    });
  });
  test.runIf(process.platform === 'linux')(
    'DELETE waits for the child of a caller that has just left',
    async () => {
      await withService({ slots: 1, spares: { python: 0, javascript: 0 } }, async (service) => {
        const before = survivors().length;
        const leaves = new AbortController();
        const gone = fetch(`${service.url}/v1/evaluations`, {
          ...{ method: 'POST', headers: { ...AUTHORIZED, 'idempotency-key': 'k' }, signal: leaves.signal },
          body: JSON.stringify(request(LOOP)),
        }).catch(() => null);
        await expect.poll(() => survivors().length, { timeout: 20_000 }).toBe(before + 1);
        leaves.abort();
        await Promise.all([gone, remove(service.url, '?key=k')]);
        expect(survivors()).toHaveLength(before);
      });
    },
  );
  test.runIf(process.platform === 'linux')('a cancelled run leaves no process', async () => {
    await withService({ slots: 1, spares: { python: 0, javascript: 0 } }, async (service) => {
      const before = survivors().length;
      const running = post(service.url, request(LOOP), '', { 'idempotency-key': 'k' });
      await expect.poll(() => survivors().length, { timeout: 20_000 }).toBe(before + 1);
      expect(await remove(service.url, '?key=k')).toBe(true);
      expect(survivors()).toHaveLength(before);
      expect((await running).status).toBe(409);
    });
  });
});

describe('fairness', () => {
  const PLAIN = 'const solve = (x) => x';
  const SLEEP = 'import time\ndef solve(x):\n    time.sleep(60)\n';
  /** Sends one hostile program after the other, whatever becomes of it, until told to stop. */
  async function hostile(url: string, learner: string, code: string, language: Language, until: AbortSignal) {
    while (!until.aborted) {
      const body = { ...request(code, language, 2000), learner };
      await post(url, body)
        .then((response) => response.text())
        .catch(() => '');
    }
  }
  test.runIf(availableClock() === 'cpu')(
    'three accounts that burn and wait do not keep an honest learner waiting',
    async () => {
      const stop = new AbortController();
      const ended: (Extract<LogEntry, { event: 'evaluated' }> & { at: number })[] = [];
      const log = (entry: LogEntry) => {
        if (entry.event === 'evaluated') ended.push({ ...entry, at: performance.now() });
      };
      await withService({ slots: 2, spares: { python: 1, javascript: 1 }, log }, async (service) => {
        const attacks: [string, Language][] = [[LOOP, 'javascript'], [SLEEP, 'python'], [LOOP, 'javascript']]; // biome-ignore format: a pair each
        const sent = attacks.flatMap(([code, language], i) =>
          [1, 2].map(() => hostile(service.url, `hostile-${i}`, code, language, stop.signal)),
        );
        await expect.poll(() => queueOf(service.url), { timeout: 60_000 }).toMatchObject({ running: 2 });
        const verdicts: string[] = [];
        const waitedFor: number[] = [];
        for (let i = 0; i < 6; i++) {
          const asked = performance.now();
          const body = { ...request(PLAIN), submission_id: `honest-${i}`, learner: 'honest-learner' };
          const answer = await post(service.url, body);
          verdicts.push(EvaluationResponse.parse(await answer.json()).verdict);
          const own = ended.find(({ submission_id }) => submission_id === `honest-${i}`);
          const began = (own?.at ?? 0) - (own?.wall_ms ?? 0);
          waitedFor.push(ended.filter(({ at }) => at > asked && at < began).length);
        }
        stop.abort();
        expect(verdicts).toEqual(Array(6).fill('WA'));
        // What runs ends, then each of the three accounts has its turn once at most. In order of arrival five would.
        expect(Math.max(...waitedFor)).toBeLessThanOrEqual(4);
        await Promise.all(sent);
        expect(await queueOf(service.url)).toMatchObject({ running: 0, parked: 0, waiting: 0 });
      });
    },
  );
  /** Loads, then sleeps or computes without end: what one test of a program does. */
  const endless = (what: 'sleep' | 'spin', turn: Turn) => {
    const { tests, ...rest } = request(LOOP, 'javascript', 400);
    const bounds = { wallEnd: performance.now() + 20_000, onIdle: turn.onIdle };
    const steps: Step[][] = [[result(0, 0)], [{ do: what }]];
    return withScript(steps, (sandbox) => judge(sandbox, { ...rest, tests: tests.slice(0, 1) }, bounds));
  };
  test.runIf(availableClock() === 'cpu')(
    'a program that sleeps gives its only slot up, one that computes does not',
    async () => {
      const slots = createSlots({ slots: 1, parked: 1, waiting: 9, waitingOfOne: 9 });
      const { signal } = new AbortController();
      for (const [what, order] of [
        ['sleep', ['other', 'TLE']],
        ['spin', ['TLE', 'other']],
      ] as const) {
        const ended: string[] = [];
        const work = async (turn: Turn) => void ended.push((await endless(what, turn)).verdict);
        const first = slots.run(work, { learner: 'learner-1', signal });
        const second = slots.run(async () => void ended.push('other'), { learner: 'learner-2', signal });
        await Promise.all([first, second]);
        expect(ended).toEqual(order);
      }
      expect(slots.status()).toMatchObject({ running: 0, parked: 0, waiting: 0 });
    },
  );
  test('of one learner ten wait at most, while others are still taken', async () => {
    await withService({ slots: 1, queueCapOfOne: 1 }, async (service) => {
      const running = post(service.url, { ...request(SPIN), learner: 'learner-1' });
      await expect.poll(() => queueOf(service.url)).toMatchObject({ running: 1 });
      const waiting = post(service.url, { ...request(PLAIN), learner: 'learner-1' });
      await expect.poll(() => queueOf(service.url)).toMatchObject({ waiting: 1 });
      const refused = await post(service.url, { ...request(PLAIN), learner: 'learner-1' });
      expect([refused.status, await codeOf(refused)]).toEqual([429, 'QUEUE_FULL']);
      const other = await post(service.url, { ...request(PLAIN), learner: 'learner-2' });
      expect([other.status, (await running).status, (await waiting).status]).toEqual([200, 200, 200]);
    });
  });
  test.each(['short', 'a'.repeat(65), 'with space', 'sl/ash-99'])('%s is no pseudonym', async (learner) => {
    expect(EvaluationRequest.safeParse({ ...request(PLAIN), learner }).success).toBe(false);
  });
});

describe('the queue', () => {
  test('is bounded, refuses with Retry-After, and empties when the service stops', async () => {
    const slots = createSlots({ slots: 1, parked: 1, waiting: 3, waitingOfOne: 2 });
    let finish = () => {};
    const job = () =>
      new Promise<void>((resolve) => {
        finish = resolve;
      });
    const { signal } = new AbortController();
    const run = (learner: string) => slots.run(job, { learner, signal });
    const refusal = (learner: string) => {
      try {
        void run(learner);
        return null;
      } catch (error) {
        return error;
      }
    };
    const jobs = [run('a'), run('a'), run('a')];
    expect(refusal('a')).toMatchObject({ code: 'QUEUE_FULL', retryAfter: 1 });
    jobs.push(run('b'));
    expect(refusal('c')).toMatchObject({ code: 'QUEUE_FULL', retryAfter: 2 });
    expect(slots.status()).toEqual({ running: 1, parked: 0, waiting: 3, slots: 1, cap: 3 });
    const closing = slots.close();
    for (const waiting of jobs.slice(1)) await expect(waiting).rejects.toMatchObject({ code: 'NOT_READY' });
    expect(refusal('a')).toMatchObject({ code: 'NOT_READY' });
    finish();
    await Promise.all([jobs[0], closing]);
    expect(slots.status()).toMatchObject({ running: 0, waiting: 0 });
  });
});

describe('the size of the pool', () => {
  test.each([
    [
      { cores: 2, memoryMb: 24_000 },
      { slots: 2, parked: 6, spares: { python: 2, javascript: 1 } },
    ],
    [
      { cores: 8, memoryMb: 32_000 },
      { slots: 8, parked: 10, spares: { python: 8, javascript: 4 } },
    ],
    [
      { cores: 1, memoryMb: 1024 },
      { slots: 1, parked: 1, spares: { python: 1, javascript: 1 } },
    ],
    [
      { cores: 16, memoryMb: 4096 },
      { slots: 4, parked: 1, spares: { python: 4, javascript: 2 } },
    ],
    [
      { cores: 128, memoryMb: 512_000 },
      { slots: 32, parked: 96, spares: { python: 32, javascript: 16 } },
    ],
  ])('%o', (machine, size) => {
    expect(sizeFor(machine)).toEqual(size);
  });
});

describe('what a platform lacks is said', () => {
  test('nothing on Linux as root; every wall that is missing elsewhere', () => {
    const container = { contain: (command: SandboxCommand) => command };
    const all: Means = {
      ...{ clock: 'cpu', ownUid: true, resident: true, ulimit: true, deepStack: true },
      ...{ container, weighing: 'autogroup' },
    };
    const none: Means = {
      ...{
        clock: 'wall',
        ownUid: false,
        resident: false,
        ulimit: false,
        deepStack: false,
        container: null,
        weighing: 'nothing',
      },
    };
    expect(lacksOf(all)).toEqual([]);
    expect(lacksOf(none)).toHaveLength(7);
    expect(wallsOf(all).length - wallsOf(none).length).toBe(6);
    for (const [name, word] of [
      ['ownUid', 'user id'],
      ['resident', 'resident'],
      ['ulimit', 'resource limits'],
      ['deepStack', 'stack'],
    ] as const) {
      expect(lacksOf({ ...all, [name]: false }).join()).toContain(word);
    }
    expect(lacksOf({ ...all, clock: 'wall' }).join()).toContain('wall time');
    expect(lacksOf({ ...all, container: null }).join()).toContain('bubblewrap');
    expect(lacksOf({ ...all, weighing: 'nothing' }).join()).toContain('light');
  });
});

describe('the service as a program of its own', () => {
  const MAIN = fileURLToPath(new URL('../../src/services/evaluator/main.ts', import.meta.url));

  function start(env: Record<string, string>): { child: ChildProcess; lines: Record<string, unknown>[] } {
    const child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    const lines: Record<string, unknown>[] = [];
    if (child.stdout !== null) {
      createInterface({ input: child.stdout }).on('line', (line) => lines.push(JSON.parse(line)));
    }
    return { child, lines };
  }
  const exit = (child: ChildProcess) =>
    new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));

  test('starts, has no side doors, and ends on SIGTERM with what ran answered', async () => {
    const { child, lines } = start({
      ...{ EVAL_SERVICE_API_KEY: 'a-key-of-sixteen-characters', HOST: '127.0.0.1' },
      ...{ PORT: '0', EVALUATOR_SLOTS: '1' },
    });
    const ended = exit(child);
    const events = () => lines.map(({ event }) => event);
    await expect.poll(events, { timeout: 50_000, interval: 200 }).toEqual(['listening', 'started']);
    const url = `http://127.0.0.1:${lines[0]?.port}`;
    expect(await health(url)).toMatchObject({ ok: true, queue: { slots: 1, running: 0 } });
    expect((await fetch(`${url}/__local/requests`)).status).toBe(404);
    const headers = { authorization: 'Bearer a-key-of-sixteen-characters' };
    const running = post(url, request(SPIN), '', headers);
    await expect.poll(async () => (await health(url)).queue.running).toBe(1);
    child.kill('SIGTERM');
    expect(EvaluationResponse.parse(await (await running).json()).verdict).toBe('WA');
    expect(await ended).toBe(0);
    expect(events()).toEqual(['listening', 'started', 'stopping', 'evaluated', 'stopped']);
  });
  test('does not start without a key', async () => {
    const child = spawn(process.execPath, [MAIN], { env: { PORT: '0' }, stdio: 'ignore' });
    expect(await exit(child)).toBe(2);
  });
});
