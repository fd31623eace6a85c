import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { hostname } from 'node:os';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { EvaluationResponse } from '#contract/evaluator.ts';
import { Signature } from '#contract/problem-bank.ts';
import { Language, Verdict } from '#contract/vocabulary.ts';
import { type EvaluatorOptions, startEvaluator } from '../../src/services/evaluator/index.ts';

const PROGRAMS = fileURLToPath(new URL('../data/programs', import.meta.url));
const OWN = fileURLToPath(new URL('../hostile', import.meta.url));
/** The port that the hostile programs try to reach. */
const LISTENER_PORT = 18_787;
/** What the listener answers, so that a program that reached it shows. */
const REACHED = 'REACHED';

const Case = z.object({ args: z.array(z.json()), expected: z.json(), hidden: z.boolean() });
/** Three sums; two of them hidden. */
const SUMS: z.infer<typeof Case>[] = [
  { args: [1, 2], expected: 3, hidden: false },
  { args: [5, 7], expected: 12, hidden: true },
  { args: [-4, 4], expected: 0, hidden: true },
];

const Program = z.object({
  id: z.string(),
  language: Language,
  entry_point: z.string().default('add'),
  code: z.union([z.string(), z.array(z.string()).transform((lines) => lines.join('\n'))]),
  compare: z.object({ mode: z.literal('exact') }).optional(),
  signature: Signature.nullable().default(null),
  limits: z.object({ time_ms: z.int(), memory_mb: z.int() }).partial().optional(),
  tests: z.array(Case).default(SUMS),
  /** Each is contained; several where it depends on the machine which limit strikes first. */
  expected_verdict: z.union([Verdict.transform((verdict) => [verdict]), z.array(Verdict)]),
  /** Tests passed at most: a forged answer passes the visible test it was made for and no hidden one. */
  passed: z.int().optional(),
  /** MiB that the reported memory must reach. */
  memory_at_least: z.int().optional(),
  why: z.string().optional(),
});
export type Program = z.infer<typeof Program>;

export type ProgramSet = 'benign' | 'hostile' | 'own';
const FOLDERS: Record<ProgramSet, string> = {
  benign: `${PROGRAMS}/benign`,
  hostile: `${PROGRAMS}/hostile`,
  own: OWN,
};

/** @throws Error when the folder is missing or a file is no program. */
export function programsOf(set: ProgramSet): Program[] {
  const folder = FOLDERS[set];
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return files.toSorted().map((name) => Program.parse(JSON.parse(readFileSync(`${folder}/${name}`, 'utf8'))));
}

/** Child programs of this process that are still alive; Linux only. */
export function survivors(): number[] {
  const alive: number[] = [];
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const parent = /^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      if (Number(parent) === process.pid && /(python|javascript)-child\.mjs/.test(command)) {
        alive.push(Number(pid));
      }
    } catch {
      // Gone between listing and reading.
    }
  }
  return alive;
}

/** What a program got, and every way in which it was not contained (none, if the walls hold). */
export type Bout = { verdict: Verdict; passed: number; memoryMb: number; breaches: string[] };

function breachesOf({ code, passed, memory_at_least }: Program, text: string): string[] {
  const result = EvaluationResponse.parse(JSON.parse(text));
  const breaches: string[] = [];
  // A program may quote itself; what it cannot know from its own text must not be in the answer.
  for (const secret of [/root:x:/, /uid=\d/, /HIDDEN -?\d/, /ESCAPED/, new RegExp(REACHED)]) {
    if (secret.test(text)) breaches.push(`the answer holds ${secret.source}`);
  }
  for (const place of [process.cwd(), process.execPath, hostname()]) {
    if (place.length > 3 && !code.includes(place) && text.includes(place)) {
      breaches.push(`the answer names ${place}`);
    }
  }
  for (const test of result.tests) {
    if (test.hidden && Object.keys(test).toSorted().join() !== 'hidden,number,verdict') {
      breaches.push('a hidden test says more than its verdict');
    }
  }
  if (result.runtime_ms % 5 !== 0) breaches.push('the total time is finer than 5 ms');
  if (passed !== undefined && result.passed > passed) breaches.push(`${result.passed} tests passed`);
  if (memory_at_least !== undefined && result.memory_mb < memory_at_least) {
    breaches.push(`memory was reported as ${result.memory_mb} MiB`);
  }
  return breaches;
}

/** An evaluator and a listener that hostile programs may try to reach. `close` at the end. */
export async function openArena(options: Partial<EvaluatorOptions> = {}) {
  let connections = 0;
  const listener = createServer((socket) => {
    connections += 1;
    socket.end(REACHED);
  });
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject).listen(LISTENER_PORT, '127.0.0.1', resolve);
  });
  const service = await startEvaluator({ apiKey: 'k', light: false, ...options });

  return {
    service,
    connections: () => connections,
    /** @throws Error when the service answers anything but an evaluation. */
    async fight(program: Program): Promise<Bout> {
      const { id, language, entry_point, code, signature, limits } = program;
      const tests = program.tests.map((one, i) => ({ ...one, number: i + 1 }));
      // Each program as a learner of its own, lest the fair queue slow the arena down.
      const learner = createHash('sha256').update(id).digest('hex').slice(0, 32);
      const names = { submission_id: id, learner, language, entry_point };
      const body = { ...names, code, comparison: 'exact', signature, tests };
      const response = await fetch(`${service.url}/v1/evaluations`, {
        method: 'POST',
        headers: { authorization: 'Bearer k' },
        body: JSON.stringify({ ...body, ...(limits === undefined ? {} : { limits }) }),
      });
      const text = await response.text();
      if (response.status !== 200) throw new Error(`${id}: ${response.status} ${text.slice(0, 300)}`);
      const { verdict, passed, memory_mb: memoryMb } = EvaluationResponse.parse(JSON.parse(text));
      const breaches = breachesOf(program, text);
      if (!program.expected_verdict.includes(verdict)) breaches.push(`the verdict is ${verdict}`);
      if (connections > 0) breaches.push('the listener was reached');
      return { verdict, passed, memoryMb, breaches };
    },
    async close(): Promise<void> {
      await service.close();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}
export type Arena = Awaited<ReturnType<typeof openArena>>;
