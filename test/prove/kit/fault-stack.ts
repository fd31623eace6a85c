import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startServices } from '#cli/services.ts';
import type { Problem } from '#contract/problem-bank.ts';
import type { Evaluation } from '#contract/submissions.ts';
import type { Task } from '#contract/tasks.ts';
import { startEvaluator } from '#services/evaluator/index.ts';
import type { CodeChange } from './changed-code.ts';
import { startRuntime, workerBundle } from './runtime.ts';

/** Seconds that the Worker of this stack waits: short, so that waiting for a dead service is measured in seconds. */
const TIMEOUTS = { EVAL_SERVICE_TIMEOUT: '4', TUTOR_IDLE_TIMEOUT: '2', TUTOR_STREAM_TIMEOUT: '5' };
const JSON_TYPE = { 'content-type': 'application/json' };

export type Fault = { path: string; kind: string } & Record<string, unknown>;
export type Answer<T = { code?: string }> = { status: number; ms: number; body: T; headers: Headers };
export type TaskView = {
  task: Task;
  evaluations: Evaluation[];
  events: { event_type: string; payload: unknown }[];
};
export type Judged = { evaluation: Evaluation; task: Task; code?: string };

/** The whole product with a Worker of little patience, and every way to disturb its services. */
export async function startFaultStack() {
  const home = await mkdtemp(path.join(tmpdir(), 'study-paths-faults-'));
  const services = await startServices({ home, durable: false, wordDelayMs: 1 });
  const { problemBank: bank, evaluator, tutor, issuer } = services.running;
  const vars: Record<string, string> = { ...services.vars, ...TIMEOUTS };
  const worker = await startRuntime(await workerBundle([]), vars, path.join(home, 'worker'));
  let revived: { close(): Promise<void> } | null = null;
  let problems = await freshProblems();

  async function freshProblems(): Promise<Problem[]> {
    const response = await fetch(`${bank.url}/v1/problems?limit=500`);
    return ((await response.json()) as { data: Problem[] }).data;
  }

  async function call<T>(token: string, route: string, init: RequestInit = {}): Promise<Answer<T>> {
    const at = performance.now();
    const headers = { ...JSON_TYPE, authorization: `Bearer ${token}` };
    const response = await worker.fetch(route, { ...init, headers });
    const text = await response.text().catch(() => '');
    const ms = performance.now() - at;
    const body = (text.startsWith('{') ? JSON.parse(text) : { text }) as T;
    return { status: response.status, ms, body, headers: response.headers };
  }

  const post = <T>(token: string, route: string, body: unknown) =>
    call<T>(token, route, { method: 'POST', body: JSON.stringify(body) });

  return {
    urls: { bank: bank.url, evaluator: evaluator.url, tutor: tutor.url },
    call,
    post,
    /** A new learner with a task for a problem that no cache of the Worker holds, and the right answer to it. */
    async newTask() {
      const minted = await fetch(`${issuer.url}/__local/token`, {
        method: 'POST',
        headers: JSON_TYPE,
        body: JSON.stringify({ sub: `faults-${randomUUID()}` }),
      });
      const learner = ((await minted.json()) as { token: string }).token;
      const made = await post<{ path: { id: string } }>(learner, '/v1/study-paths', {});
      const [problem, ...rest] = problems;
      if (problem === undefined) throw new Error('the bank has no fresh problem left');
      problems = rest;
      const solutions = await fetch(`${bank.url}/__local/solutions/${problem.problem_id}`);
      const { reference_solution } = (await solutions.json()) as {
        reference_solution: Record<string, string>;
      };
      const language = reference_solution.javascript === undefined ? 'python' : 'javascript';
      const task = { problem_id: problem.problem_id, scheduled_at: new Date().toISOString() };
      const batch = { path_id: made.body.path.id, tasks: [task] };
      const { body } = await post<{ ids: string[] }>(learner, '/v1/study-tasks/batch', batch);
      const route = `/v1/study-tasks/${body.ids[0]}`;
      const submission = { language, code: reference_solution[language] };
      return {
        token: learner,
        route,
        submission,
        submit: () => post<Judged>(learner, `${route}/submit`, submission),
        view: async () => (await call<TaskView>(learner, route)).body,
      };
    },
    async setFaults(url: string, faults: Fault[]): Promise<void> {
      const init = { method: 'PUT', headers: JSON_TYPE, body: JSON.stringify(faults) };
      const response = await fetch(`${url}/__local/faults`, init);
      if (!response.ok) throw new Error(`faults: ${await response.text()}`);
    },
    async setStream(settings: Record<string, number>): Promise<void> {
      await fetch(`${tutor.url}/__local/stream`, {
        method: 'PUT',
        headers: JSON_TYPE,
        body: JSON.stringify(settings),
      });
    },
    /** The evaluator's process goes without a word, with its port. */
    async killEvaluator(): Promise<void> {
      await evaluator.close();
    },
    async reviveEvaluator(): Promise<void> {
      revived = await startEvaluator({ port: evaluator.port, apiKey: vars.EVAL_SERVICE_API_KEY ?? '' });
    },
    cron: (at = Date.now() + 120_000): Promise<void> => worker.cron(at),
    /**
     * Kills the runtime with everything in its memory, and starts another over what it had written down.
     * @param forget also loses what was written down, as if leases were kept in memory alone.
     */
    async restartWorker(forget: boolean): Promise<void> {
      await worker.kill();
      await worker.revive({ forget });
    },
    /** Puts a Worker with a bug in the place of the one that runs. */
    async plantBug(change: CodeChange): Promise<void> {
      const other = await workerBundle([change]);
      await worker.kill();
      await worker.revive({ other });
    },
    async close(): Promise<void> {
      await worker.close();
      await revived?.close();
      await services.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}
export type FaultStack = Awaited<ReturnType<typeof startFaultStack>>;
