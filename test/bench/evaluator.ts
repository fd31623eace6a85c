import { EvaluationRequest, EvaluationResponse, EvaluatorHealth } from '#contract/evaluator.ts';
import type { Language } from '#contract/vocabulary.ts';
import { findBubblewrap } from '../../src/services/evaluator/bubblewrap.ts';
import { startEvaluator } from '../../src/services/evaluator/index.ts';
import { judge } from '../../src/services/evaluator/judge.ts';
import {
  availableClock,
  cpuMs,
  processCpuMs,
  residentMb,
} from '../../src/services/evaluator/process-stats.ts';
import { thisMachine } from '../../src/services/evaluator/sizing.ts';
import { openSnapshot } from '../../src/services/evaluator/snapshot.ts';
import {
  booted,
  CODE,
  ENDLESS,
  ended,
  type Ground,
  LOOP,
  LOOPS,
  middle,
  noise,
  PAIRS,
  quantile,
  reference,
  tell,
} from './evaluator-kit.ts';
import { type Plain, plainPython, plainV8 } from './evaluator-plain.ts';
import { say } from './kit.ts';

const BOOTS = 7;
const WARM_RUNS = 30;
const KILLS = 6;
const KILL_LIMIT_MS = 500;
const SATURATED_MS = 15_000;
const LANGUAGES: readonly Language[] = ['python', 'javascript'];
const NAMES: Record<Language, string> = { python: 'Python', javascript: 'JavaScript' };

function request(language: Language, code: string, tests: [unknown[], unknown][], timeMs = 2000) {
  return EvaluationRequest.parse({
    ...{ submission_id: 'bench', language, entry_point: 'solve', code, comparison: 'exact', signature: null },
    limits: { time_ms: timeMs },
    tests: tests.map(([args, expected], i) => ({ number: i + 1, hidden: false, args, expected })),
  });
}
const small = (language: Language) =>
  request(
    language,
    CODE[language],
    PAIRS.map((pair) => [pair, [10, 11]]),
  );

/** Boots, one after the other, each judging 20 small tests: CPU of both, and memory before and after. */
async function bootAndJudge(language: Language, ground: Ground): Promise<void> {
  const figures = { wall: [] as number[], main: [] as number[], all: [] as number[], judging: [] as number[], idle: [] as number[], after: [] as number[] }; // biome-ignore format: one list
  for (let i = 0; i < BOOTS; i++) {
    const began = performance.now();
    const sandbox = await booted(language, ground);
    figures.wall.push(performance.now() - began);
    const main = cpuMs(sandbox.pid()) ?? 0;
    figures.main.push(main);
    figures.all.push(processCpuMs(sandbox.pid()) ?? 0);
    figures.idle.push(residentMb(sandbox.pid()) ?? 0);
    const { verdict } = await judge(sandbox, small(language));
    if (verdict !== 'AC') throw new Error(`${language}: ${verdict}`);
    figures.judging.push((cpuMs(sandbox.pid()) ?? 0) - main);
    figures.after.push(residentMb(sandbox.pid()) ?? 0);
    await ended(sandbox);
  }
  const python = language === 'python';
  tell('boot, CPU of the main thread, median', middle(figures.main), 'ms', python ? { most: 450 } : {});
  tell('boot, CPU of the main thread, least', Math.min(...figures.main), 'ms');
  tell('boot, CPU of all threads, median', middle(figures.all), 'ms');
  tell('boot, wall, median', middle(figures.wall), 'ms');
  tell(
    '20 small tests in a fresh child, CPU, median',
    middle(figures.judging),
    'ms',
    python ? { most: 8 } : {},
  );
  tell('20 small tests in a fresh child, CPU, least', Math.min(...figures.judging), 'ms');
  tell('resident memory of a warm child, peak', middle(figures.idle), 'MiB');
  tell('resident memory after 20 small tests, peak', middle(figures.after), 'MiB');
}

/** Each as another learner: one alone never has the last slot once it is heavy. */
let learners = 0;

async function post(url: string, evaluation: EvaluationRequest): Promise<EvaluationResponse> {
  learners += 1;
  const body = JSON.stringify({ ...evaluation, learner: `bench-learner-${learners}` });
  const init = { method: 'POST', headers: { authorization: 'Bearer bench' }, body };
  return EvaluationResponse.parse(await (await fetch(`${url}/v1/evaluations`, init)).json());
}

async function whenFull(url: string): Promise<void> {
  for (;;) {
    const { pool } = EvaluatorHealth.parse(await (await fetch(`${url}/health`)).json());
    const stocks = pool === null ? [] : [pool.python, pool.javascript];
    if (stocks.length > 0 && stocks.every(({ warm, wanted }) => warm === wanted)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function warm(url: string, language: Language): Promise<void> {
  const walls: number[] = [];
  for (let i = 0; i < WARM_RUNS; i++) {
    await whenFull(url);
    const began = performance.now();
    const { verdict } = await post(url, small(language));
    walls.push(performance.now() - began);
    if (verdict !== 'AC') throw new Error(`${language}: ${verdict}`);
  }
  const [p50, p95] = language === 'python' ? [25, 60] : [12, 40];
  tell('20 small tests over HTTP, wall, p50', middle(walls), 'ms', { most: p50 });
  tell('20 small tests over HTTP, wall, p95', quantile(walls, 0.95), 'ms', { most: p95 });
}

async function saturated(url: string, language: Language, clients: number): Promise<void> {
  await whenFull(url);
  let done = 0;
  const began = performance.now();
  async function client(): Promise<void> {
    while (performance.now() - began < SATURATED_MS) {
      await post(url, small(language));
      done += 1;
    }
  }
  await Promise.all(Array.from({ length: clients }, client));
  const perSecond = (done * 1000) / (performance.now() - began);
  tell(`evaluations per second, ${clients} callers`, perSecond, '/s', {
    least: language === 'python' ? 4 : 15,
  });
}

async function kills(language: Language, ground: Ground): Promise<void> {
  const over: number[] = [];
  for (let i = 0; i < KILLS; i++) {
    const sandbox = await booted(language, ground);
    const code = { code: ENDLESS[language], entry: 'solve', memory_mb: 256 };
    const allowed = { memoryMb: 256, wallEnd: Number.MAX_SAFE_INTEGER };
    await sandbox.ask({ t: 'load', n: 0, ...code }, { ...allowed, limitMs: 2000 });
    const call = { t: 'call' as const, n: 1, args: '[]', spec: '{}' };
    const reply = await sandbox.ask(call, { ...allowed, limitMs: KILL_LIMIT_MS });
    if (reply.kind === 'late' && reply.by === 'cpu') over.push(reply.ms - KILL_LIMIT_MS);
    await ended(sandbox);
  }
  if (over.length === 0) say('  kills: none by processor time, the machine is starved');
  else
    tell(`overshoot of ${over.length} kills at ${KILL_LIMIT_MS} ms, largest`, Math.max(...over), 'ms', {
      most: 20,
    });
}

async function loopMs(language: Language, ground: Ground): Promise<number> {
  const sandbox = await booted(language, ground);
  const { runtime_ms, verdict } = await judge(
    sandbox,
    request(
      language,
      LOOP[language],
      Array.from({ length: 5 }, () => [[LOOPS], reference(LOOPS)]),
      5000,
    ),
  );
  await ended(sandbox);
  if (verdict !== 'AC') throw new Error(`${language}: ${verdict}`);
  return runtime_ms / 5;
}
function beside(name: string, plain: Plain | null, loop: number, ratio: number | null): void {
  if (plain === null) {
    say(`  ${name}: not on this machine`);
    return;
  }
  tell(`${name}: the same 20 tests in process, CPU`, plain.judging, 'ms');
  tell(`${name}: start of a process, wall`, plain.start, 'ms');
  tell(`${name}: resident memory of a process, peak`, plain.resident, 'MiB');
  tell(`${name}: loop of ${LOOPS}, CPU`, plain.loop, 'ms');
  tell(`the same loop in the sandbox, CPU`, loop, 'ms');
  tell(`slower than ${name} by a factor of`, loop / plain.loop, '', ratio === null ? {} : { most: ratio });
}

/** What an evaluation costs, beside plain CPython and plain V8 in the same run, with the goals of the design note. */
export async function benchEvaluator(): Promise<void> {
  const { cores, memoryMb } = thisMachine();
  say(
    `${cores} cores, ${memoryMb} MiB, Node ${process.versions.node}, clock ${availableClock()}, ${noise()}`,
  );
  const snapshot = await openSnapshot();
  const ground: Ground = { snapshot, container: await findBubblewrap() };
  say(ground.container === null ? 'without bubblewrap' : 'in bubblewrap');
  const plain = { python: await plainPython(), javascript: await plainV8() };
  try {
    for (const language of LANGUAGES) {
      say(`\n${NAMES[language]}, children alone (${noise()})`);
      await bootAndJudge(language, ground);
      await kills(language, ground);
      const loop = await loopMs(language, ground);
      const name = language === 'python' ? 'plain CPython' : 'plain V8';
      beside(name, plain[language], loop, language === 'python' ? 2.6 : null);
    }
  } finally {
    await snapshot.close();
  }
  const service = await startEvaluator({ apiKey: 'bench', light: false });
  try {
    const { queue } = EvaluatorHealth.parse(await (await fetch(`${service.url}/health`)).json());
    for (const language of LANGUAGES) {
      say(`\n${NAMES[language]}, the service (${noise()})`);
      await warm(service.url, language);
      await saturated(service.url, language, 2 * queue.slots);
    }
  } finally {
    await service.close();
  }
  say(`\n${noise()}; where it says NOISY, walls tell nothing and CPU times are too high`);
}
