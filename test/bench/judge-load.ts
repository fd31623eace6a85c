import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startServices } from '#cli/services.ts';
import { startWorker } from '#cli/worker-process.ts';
import { middle, noise, quantile, tell } from './evaluator-kit.ts';
import { freePort, say } from './kit.ts';

const LEARNERS = 40;
const SECONDS = 60;
/** A learner reads four times and submits once in about this time. */
const CYCLE_MS = 6000;
const READS = ['/v1/study-tasks/next', '/v1/study-tasks?limit=20', '/v1/study-paths/current'];

type Learner = { token: string; pathId: string };
type Next = { task: { id: string; problem_id: string | null; kind: string } };

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Sessions of the evaluator's children get the weight of any other again, until the answer is called. */
function unweighed(): () => void {
  const timer = setInterval(() => {
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'latin1');
        if (/(python|javascript)-child\.mjs/.test(command)) writeFileSync(`/proc/${pid}/autogroup`, '0');
      } catch {
        // Gone between listing and writing.
      }
    }
  }, 20);
  return () => clearInterval(timer);
}

async function practise(
  url: string,
  bank: string,
  { token }: Learner,
  until: AbortSignal,
  reads: number[],
): Promise<number> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const post = (route: string, body: unknown) =>
    fetch(`${url}${route}`, { method: 'POST', headers, body: JSON.stringify(body) });
  let judged = 0;
  await pause(Math.random() * CYCLE_MS);
  while (!until.aborted) {
    let next: Next | null = null;
    for (const route of READS) {
      const began = performance.now();
      const response = await fetch(`${url}${route}`, { headers });
      const text = await response.text();
      reads.push(performance.now() - began);
      if (route.endsWith('/next') && response.status === 200) next = JSON.parse(text) as Next;
      await pause((Math.random() * CYCLE_MS) / 2);
    }
    if (next?.task.problem_id == null) continue;
    const solution = await fetch(`${bank}/__local/solutions/${next.task.problem_id}`);
    const { reference_solution: code } = (await solution.json()) as {
      reference_solution: Record<string, string>;
    };
    const language = Math.random() < 0.5 ? 'python' : 'javascript';
    const answer = await post(`/v1/study-tasks/${next.task.id}/submit`, { language, code: code[language] });
    await answer.text();
    if (answer.status === 200) judged += 1;
  }
  return judged;
}

/** Reads next to a judge that is always busy: 40 learners against the whole product, with light children and without. */
export async function benchJudgeLoad(): Promise<void> {
  const home = await mkdtemp(path.join(tmpdir(), 'study-paths-load-'));
  const services = await startServices({ home, durable: false });
  const worker = await startWorker({ port: await freePort(), home, vars: services.vars, crons: false });
  const { issuer, problemBank: bank } = services.running;
  async function newLearner(name: string): Promise<Learner> {
    const init = { method: 'POST', headers: { 'content-type': 'application/json' } };
    const made = await fetch(`${issuer.url}/__local/token`, { ...init, body: JSON.stringify({ sub: name }) });
    const { token } = (await made.json()) as { token: string };
    const headers = { ...init.headers, authorization: `Bearer ${token}` };
    const created = await fetch(`${worker.url}/v1/study-paths`, { ...init, headers, body: '{"config":{}}' });
    const { path: created_ } = (await created.json()) as { path: { id: string } };
    return { token, pathId: created_.id };
  }
  try {
    for (const [title, prepare] of [
      ['children weigh as any session', unweighed],
      ['children weigh little', () => () => {}],
    ] as const) {
      const learners = await Promise.all(
        Array.from({ length: LEARNERS }, (_, i) => newLearner(`${title.length}-${i}`)),
      );
      const restore = prepare();
      const reads: number[] = [];
      const until = AbortSignal.timeout(SECONDS * 1000);
      const judged = await Promise.all(
        learners.map((learner) => practise(worker.url, bank.url, learner, until, reads)),
      );
      restore();
      say(`\n${LEARNERS} learners, ${title} (${noise()})`);
      const goal = title.endsWith('little') ? { most: 120 } : {};
      tell('reads, p50', middle(reads), 'ms');
      tell('reads, p95', quantile(reads, 0.95), 'ms', goal);
      tell('submissions judged a minute', (judged.reduce((a, b) => a + b, 0) * 60) / SECONDS, '');
    }
  } finally {
    await worker.close();
    await services.close();
    await rm(home, { recursive: true, force: true });
  }
}
