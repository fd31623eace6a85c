import { randomUUID } from 'node:crypto';
import type { PathCreated } from '#contract/paths.ts';
import type { Task } from '#contract/tasks.ts';
import type { Random } from '../../simulate/random.ts';
import type { Lane } from '../kit/lanes.ts';
import type { Answer, Ask, Product } from '../kit/product.ts';
import { codeOf, JUDGE_FAULT, NO_COMPILE } from '../kit/scripted-evaluator.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const ZONES = ['UTC', 'America/Los_Angeles', 'Pacific/Auckland', 'Asia/Kolkata'];
/** Tests that a submission passes, of four. */
const PASSES = [4, 4, 4, 2, 0, 1, NO_COMPILE, JUDGE_FAULT];
const GRADES = ['again', 'hard', 'good', 'easy'];
/** Every answer that a learner may get; another one is a fault of the product, not of its import. */
const FINE = [200, 201, 202, 204, 404, 409, 422, 429];

export type Clock = { now: number };

/** Somebody who practises by chance over months, in several paths. */
export async function newLearner(lane: Lane, product: Product, clock: Clock) {
  const id = `learner-${randomUUID()}`;
  const token = await lane.signer.tokenFor(id);
  const counts: Record<string, number> = {};

  async function call(path: string, options: Ask = {}): Promise<Answer> {
    const answer = await product.ask(`/v1${path}`, { ...options, token });
    if (!FINE.includes(answer.status))
      throw new Error(`${options.method ?? ''} ${path} was answered ${answer.status}: ${answer.text}`);
    return answer;
  }

  async function tasksOf(query: string): Promise<Task[]> {
    const { body } = await call(`/study-tasks?limit=200&${query}`);
    return (body as { data: Task[] }).data;
  }

  async function newPath(random: Random): Promise<void> {
    const config = {
      completion: random.next() < 0.7 ? 'first_attempt' : 'until_passed',
      initial_tasks: 5,
      hints_per_task: null,
      expiry_hours: random.next() < 0.5 ? 168 : 30,
      time_zone: one(random, ZONES),
    };
    const { body } = await call('/study-paths', { body: { config } });
    const { path } = body as PathCreated;
    const at = new Date(clock.now).toISOString();
    const tasks = ['hashing-1', 'heaps-2', 'greedy-0'].map((problem_id) => ({
      problem_id,
      scheduled_at: at,
    }));
    const lesson = { problem_id: 'hashing-0', kind: 'lesson', scheduled_at: at };
    await call('/study-tasks/batch', { body: { path_id: path.id, tasks: [...tasks, lesson] } });
  }

  const submit = async (task: Task, random: Random) => {
    const pass = one(random, PASSES);
    const code = codeOf({ who: id, pass, hold: 0 });
    await call(`/study-tasks/${task.id}/submit`, { body: { language: 'python', code } });
  };
  /** What the learner can do with a task; what is listed more often is done more often. */
  const withTask: Record<string, (task: Task, random: Random) => Promise<unknown>> = {
    submit,
    start: (task) => call(`/study-tasks/${task.id}/start`, { method: 'POST' }),
    grade: (task, random) => call(`/study-tasks/${task.id}/grade`, { body: { grade: one(random, GRADES) } }),
    ungrade: (task) => call(`/study-tasks/${task.id}/grade`, { method: 'DELETE' }),
    undo: (task) => call(`/study-tasks/${task.id}/review`, { method: 'DELETE' }),
    skip: (task) =>
      call(`/study-tasks/${task.id}`, {
        method: 'PATCH',
        body: { status: 'skipped', reason: 'zu schwer ✓' },
      }),
    finish: (task) => call(`/study-tasks/${task.id}`, { method: 'PATCH', body: { status: 'completed' } }),
    note: (task) =>
      call(`/study-tasks/${task.id}`, { method: 'PATCH', body: { metadata: { note: ['é', 1e21] } } }),
    evaluate: (task) => call(`/study-tasks/${task.id}/evaluate`, { body: {} }),
    hint: (task) => call(`/study-tasks/${task.id}/hint`, { body: { question: 'How do I begin?' } }),
  };

  async function paths(): Promise<string[]> {
    const { body } = await call('/study-paths?limit=200');
    return (body as { data: { id: string }[] }).data.map((path) => path.id);
  }

  /** A day goes by, or a few: what is due becomes tasks, what is over expires. */
  async function wait(random: Random): Promise<void> {
    clock.now += (1 + random.next() * 60) * HOUR;
    await call('/study-tasks/next');
    for (const expression of ['17 * * * *', '* * * * *']) await product.cron(expression);
  }

  async function step(random: Random): Promise<void> {
    clock.now += MINUTE / 2;
    const roll = random.next();
    const name = stepName(roll);
    counts[name] = (counts[name] ?? 0) + 1;
    switch (name) {
      case 'wait':
        return wait(random);
      case 'path':
        return (await paths()).length < 3 ? newPath(random) : undefined;
      case 'erase-path': {
        const known = await paths();
        if (known.length > 1) await call(`/study-paths/${one(random, known)}`, { method: 'DELETE' });
        return;
      }
      case 'config': {
        const config = { horizon: 4 + Math.floor(random.next() * 6), time_zone: one(random, ZONES) };
        const [path] = await paths();
        if (path !== undefined) await call(`/study-paths/${path}`, { method: 'PATCH', body: { config } });
        return;
      }
      case 'task': {
        const open = await tasksOf('status=scheduled&status=in_progress&order=asc');
        const due = open.filter(({ scheduled_at }) => Date.parse(scheduled_at) <= clock.now + 24 * HOUR);
        const [reviews, others] = [due.filter(({ kind }) => kind === 'review'), due];
        const task: Task | undefined = one(
          random,
          random.next() < 0.6 && reviews.length > 0 ? reviews : others,
        );
        const verb = one(random, ['submit', 'submit', 'submit', 'start', 'skip', 'finish', 'hint', 'note']);
        if (task !== undefined) await withTask[verb]?.(task, random);
        return;
      }
      case 'done': {
        const task: Task | undefined = one(random, await tasksOf('status=completed&order=desc'));
        const verb = one(random, ['submit', 'grade', 'grade', 'ungrade', 'undo', 'evaluate', 'note']);
        if (task !== undefined) await withTask[verb]?.(task, random);
      }
    }
  }

  return {
    id,
    token,
    counts,
    call,
    paths,
    newPath,
    async practise(random: Random, steps: number): Promise<void> {
      await newPath(random);
      for (let done = 0; done < steps; done += 1) await step(random);
      await product.settled();
    },
  };
}

export type PractisingLearner = Awaited<ReturnType<typeof newLearner>>;

/** One of them by chance; undefined of nothing. */
function one<T>(random: Random, of: readonly T[]): T {
  return of[Math.floor(random.next() * of.length)] as T;
}

function stepName(roll: number) {
  if (roll < 0.22) return 'wait';
  if (roll < 0.25) return 'path';
  if (roll < 0.27) return 'erase-path';
  if (roll < 0.3) return 'config';
  return roll < 0.75 ? 'task' : 'done';
}
