import { randomUUID } from 'node:crypto';
import type { Lane } from '../kit/lanes.ts';
import { dayOf } from '../kit/oracle.ts';
import type { Product } from '../kit/product.ts';
import { check, JUDGING, type Operation, operate } from './client.ts';
import type { Client, PlannedFault, Step } from './steps.ts';
import { type KnownTask, type LaneClock, openWorld, type World } from './world.ts';

const MINUTE = 60_000;
const HOUR = 3_600_000;

/** Cron runs of an hour each until even a submission that nobody can judge is given up, with some to spare. */
const SWEEPS = 30;

function taskOf(world: World, { task }: Client): KnownTask {
  const known = world.tasks[task % Math.min(world.tasks.length, 5)];
  return known ?? world.fail('no task is known');
}

async function cron(world: World, expression: string, troubled: boolean): Promise<void> {
  const failed = await world.product.cron(expression);
  if (failed.length > 0 && !troubled && !world.wasSlow()) world.fail(`the cron failed: ${failed.join(', ')}`);
}

/** Runs operations side by side, perhaps with the cron, and checks each against what the task went through. */
async function together(
  world: World,
  work: { run: () => Promise<Operation>; task: KnownTask; client: Client }[],
  { fault, beside = [] }: { fault: PlannedFault | null; beside?: (() => Promise<unknown>)[] },
): Promise<void> {
  const before = world.states;
  const erasedBefore = world.erased;
  world.product.log.length = 0;
  const [operations] = await world.under(fault, () =>
    Promise.all([Promise.all(work.map(({ run }) => run())), Promise.all(beside.map((run) => run()))]),
  );
  await world.look();
  const crowd = work.filter(({ client }) => JUDGING.includes(client.command.verb)).length + 2 * beside.length;
  for (const operation of operations) {
    const states = before.get(operation.task.id) ?? [];
    const circumstances = {
      since: states.length,
      before: states,
      troubled: fault !== null || world.wasSlow(),
      crowd,
      erased: world.erased || erasedBefore,
    };
    check(world, operation, circumstances);
    promise(world, operation);
  }
}

/** A submission that was answered with 2xx is there from now on. */
function promise(world: World, { client, task, answers }: Operation): void {
  if (client.command.verb !== 'submit') return;
  for (const { status, body } of answers) {
    if (status >= 300) continue;
    const { evaluation } = body as { evaluation: { submission_id: string } };
    world.accepted.set(evaluation.submission_id, task.id);
  }
}

/** A keyed POST that everybody may send. */
function asPost(client: Client): Client {
  const posts = ['start', 'submit', 'evaluate'];
  const command = posts.includes(client.command.verb)
    ? client.command
    : ({ verb: 'submit', pass: 2, language: 'python' } as const);
  return { ...client, command, keyed: true };
}

async function batch(world: World, step: Extract<Step, { step: 'batch' }>): Promise<void> {
  const known = new Set(world.found.tasks.map(({ id }) => id));
  const scheduled_at = new Date(world.clock.now).toISOString();
  const tasks = step.kinds.map((kind, index) => ({ kind, problem_id: `heaps-${index}`, scheduled_at }));
  const headers: Record<string, string> = step.keyed ? { 'idempotency-key': randomUUID() } : {};
  const answers: { status: number; body: unknown }[] = [];
  world.product.log.length = 0;
  await world.under(step.fault, async () => {
    const send = () =>
      world.ask(
        'owner',
        '/study-tasks/batch',
        { body: { path_id: world.pathId, tasks }, headers },
        randomUUID(),
      );
    answers.push(await send());
    for (let retry = 1; step.keyed && retry <= 3 && (answers.at(-1)?.status ?? 0) >= 500; retry += 1) {
      answers.push(await send());
    }
  });
  await world.look();
  const status = answers.at(-1)?.status ?? 0;
  const added = world.found.tasks.filter(({ id }) => !known.has(id));
  if (answers.some((answer) => answer.status === 500)) world.fail('a batch was answered 500');
  if (status > 500 && step.fault === null && !world.wasSlow()) world.fail(`a batch was answered ${status}`);
  // A key whose claim was carried out unheard stays taken until its lock ends.
  const held = step.keyed && step.fault !== null && status === 409;
  if (world.erased) {
    if (status < 500 && status !== 404 && !held)
      world.fail(`a batch on an erased path was answered ${status}`);
    return;
  }
  if (status < 500 && status !== 201 && !held) world.fail(`a batch was answered ${status}`);
  if (status === 201 && added.length !== tasks.length)
    world.fail(`a batch of ${tasks.length} added ${added.length}`);
  if (status >= 500 && added.length !== 0 && added.length !== tasks.length)
    world.fail('half a batch was added');
}

/** Whether a new task has its turn before a review that waits: after two reviews, once a day at least. */
function isTurnOfNew(world: World, newTask: { at: number }): boolean {
  const completed = (kind: string) =>
    world.found.tasks
      .filter((task) => task.kind === kind && task.status === 'completed')
      .map(({ completed_at }) => Date.parse(completed_at ?? ''));
  const lastNew = Math.max(-Infinity, ...completed('problem'));
  const reviewsSince = completed('review').filter((at) => at > lastNew).length;
  const today = dayOf(world.clock.now);
  const waits = dayOf(newTask.at) <= today || lastNew === -Infinity || dayOf(lastNew) < today;
  return waits && reviewsSince >= 2;
}

/** Tasks that `next` may give, earliest first: one in progress, else reviews that are due and new tasks in turn. */
function candidates(world: World): { id: string; at: number }[] {
  const now = world.clock.now;
  const offered = world.found.tasks.filter(
    (task) => Date.parse(task.expires_at) > now || task.score !== null || task.pending_evaluations > 0,
  );
  const earliestFirst = (tasks: typeof offered) =>
    tasks.map(({ id }) => ({ id, at: scheduledAt(world, id) })).toSorted((a, b) => a.at - b.at);
  const started = earliestFirst(offered.filter(({ status }) => status === 'in_progress'));
  if (started.length > 0) return started;
  const scheduled = offered.filter(({ status }) => status === 'scheduled');
  const reviews = earliestFirst(scheduled.filter(({ kind }) => kind === 'review'));
  const due = reviews.filter(({ at }) => at <= now);
  const others = earliestFirst(scheduled.filter(({ kind }) => kind !== 'review'));
  const [first] = others;
  if (first === undefined) return due.length > 0 ? due : reviews;
  return due.length > 0 && !isTurnOfNew(world, first) ? due : others;
}

/** The first `next` of a day may plan it, and so may one that finds nothing; any other leaves the path alone. */
async function next(world: World): Promise<void> {
  const before = world.erased ? [] : candidates(world);
  const known = world.found.tasks.length;
  const today = dayOf(world.clock.now);
  const answer = await world.insist('/study-tasks/next', { method: 'GET' });
  await world.look();
  if (world.erased) {
    if (answer.status !== 404) world.fail(`next without a path was answered ${answer.status}`);
    return;
  }
  if (before.length > 0 && world.plannedOn === today && world.found.tasks.length !== known)
    world.fail('next filled a path that was not empty');
  world.plannedOn = today;
  const expected = candidates(world);
  const [first] = expected;
  if (first === undefined) {
    if (answer.status !== 204) world.fail(`next with nothing left was answered ${answer.status}`);
    return;
  }
  if (answer.status !== 200) world.fail(`next was answered ${answer.status} though there is a task`);
  const { task } = answer.body as { task: { id: string } };
  const given = expected.find(({ id }) => id === task.id);
  if (given === undefined || given.at !== first.at) world.fail('next gave the wrong task');
}

function scheduledAt(world: World, task: string): number {
  const created = world.found.events.find(({ task_id, seq }) => task_id === task && seq === 1);
  return Date.parse(String(created?.payload.scheduled_at));
}

async function erasePath(world: World, client: Client | null): Promise<void> {
  if (world.erased) return;
  const erase = async () => {
    const gone = await world.insist(`/study-paths/${world.pathId}`, { method: 'DELETE' });
    world.erased = true;
    // Where the first try was too slow to be answered, the second finds nothing left to erase.
    if (gone.status !== 204 && !(gone.status === 404 && world.wasSlow()))
      world.fail(`erasing a path was answered ${gone.status}`);
  };
  const work = client === null ? [] : [client].map((one) => workOf(world, one, taskOf(world, one), false));
  await together(world, work, { fault: null, beside: [erase] });
  const left = world.found.tasks.length + world.found.events.length + world.found.evaluations.length;
  if (left > 0) world.fail(`${left} rows outlived their path`);
}

function workOf(world: World, client: Client, task: KnownTask, crowded: boolean) {
  return { client, task, run: () => operate(world, client, task, { crowded }) };
}

/** Plays one step and holds the world against the decisions. @throws HistoryViolation. */
export async function play(world: World, step: Step): Promise<void> {
  world.played.push(step);
  // Time goes on between two steps, so that nothing depends on everything happening at one instant.
  world.clock.now += MINUTE / 2;
  switch (step.step) {
    case 'clients': {
      const crowded = step.clients.length > 1;
      const first = step.clients[0];
      const work = step.clients.map((client) =>
        workOf(world, client, taskOf(world, step.together && first !== undefined ? first : client), crowded),
      );
      const beside = step.cron ? [() => cron(world, '* * * * *', step.fault !== null)] : [];
      return together(world, work, { fault: step.fault, beside });
    }
    case 'twice': {
      const client = asPost(step.client);
      const task = taskOf(world, client);
      const run = () => operate(world, client, task, { copies: 2, crowded: true });
      return together(world, [{ client, task, run }], { fault: step.fault });
    }
    case 'batch':
      return batch(world, step);
    case 'next':
      return next(world);
    case 'wait':
      world.clock.now += step.hours * HOUR;
      return;
    case 'cron': {
      const run = () => cron(world, step.expression, step.fault !== null);
      return together(world, [], { fault: step.fault, beside: step.twice ? [run, run] : [run] });
    }
    case 'erase-path':
      return erasePath(world, step.together);
  }
}

/** Ends a history: every submission gets its result or is given up, and erasing the learner leaves nothing. */
export async function finish(world: World): Promise<void> {
  const { found, accepted } = world;
  for (const [submission, task] of accepted) {
    const there = world.found.evaluations.some(({ submission_id }) => submission_id === submission);
    if (!there && world.states.has(task)) world.fail('an accepted submission is lost');
  }
  const waits = () => world.found.evaluations.some(({ status }) => status === 'pending');
  for (let sweep = 0; waits() && sweep < SWEEPS; sweep += 1) {
    world.clock.now += HOUR;
    await cron(world, '* * * * *', false);
    await world.look();
  }
  if (waits()) world.fail('a submission waits for ever');
  const given = new Set(found.evaluations.map(({ id }) => id));
  if (world.found.evaluations.some(({ id }) => !given.has(id))) world.fail('an evaluation out of nowhere');
  const asked = await world.insist('/me', { method: 'DELETE' });
  const { confirmation } = asked.body as { confirmation: { token: string } };
  const erased = await world.insist(`/me?confirm=${confirmation.token}`, { method: 'DELETE' });
  if (erased.status !== 204) world.fail(`erasing the learner was answered ${erased.status}`);
  await world.look();
  const { paths, tasks, events, evaluations, mastery } = world.found;
  const left = [paths, tasks, events, evaluations, mastery].reduce((sum, rows) => sum + rows.length, 0);
  if (left > 0) world.fail(`${left} rows outlived their learner`);
}

/** Plays a whole history on a lane that is empty, and leaves it empty. @returns the faults that struck. */
export async function playHistory(
  { lane, product, clock }: { lane: Lane; product: Product; clock: LaneClock },
  completion: string,
  run: (world: World) => Promise<void>,
): Promise<Record<string, number>> {
  try {
    const world = await openWorld(lane, product, clock, completion);
    await run(world);
    await finish(world);
    return world.faults;
  } catch (error) {
    await product.settled();
    product.slots.forget();
    await lane.empty();
    throw error;
  }
}
