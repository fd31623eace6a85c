import { randomUUID } from 'node:crypto';
import type { ListedTask } from '#contract/history.ts';
import type { PathChanged, PathCreated, StudyPath } from '#contract/paths.ts';
import type { NewTask } from '#contract/tasks.ts';
import { Module } from '#contract/vocabulary.ts';
import type { Random } from '../../simulate/random.ts';
import type { Lane } from '../kit/lanes.ts';
import { PROBLEMS } from '../kit/problems.ts';
import type { Answer, Ask, Product } from '../kit/product.ts';
import { codeOf, JUDGE_FAULT, NO_COMPILE } from '../kit/scripted-evaluator.ts';
import { compareAll, type Seen } from './compare.ts';
import { beginning, type Clock, dayOn, plusDays } from './days.ts';
import { Notebook } from './notebook.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Far east and far west of the date line, halves and quarters of an hour, and zones that change their clocks. */
const ZONES = [
  ...['UTC', 'America/Los_Angeles', 'America/New_York', 'America/St_Johns', 'Europe/Berlin', 'Asia/Kolkata'],
  ...['Asia/Kathmandu', 'Pacific/Kiritimati', 'Pacific/Pago_Pago', 'Pacific/Honolulu', 'Pacific/Auckland'],
  ...['Pacific/Chatham', 'Australia/Lord_Howe', 'America/Havana', 'Atlantic/Azores'],
];
/** Beginnings of histories: before clocks change in America, in Europe, in the south, and in between. */
const BEGINNINGS = ['2026-03-02', '2026-03-23', '2026-06-10', '2026-09-20', '2026-10-17', '2026-12-20'];

const SIZES: ReadonlyMap<Module, number> = new Map(
  Module.options.map((module) => [
    module,
    PROBLEMS.filter((problem) => (problem as { module: Module }).module === module).length,
  ]),
);

export type Clocked = { lane: Lane; product: Product; clock: { now: number } };

/** What a history did, how often. */
export type Deeds = Record<string, number>;

type Body = Record<string, unknown>;

/** One learner's weeks, and every difference that was seen in them; the first look with a difference ends them. */
export async function playWeeks(
  { lane, product, clock }: Clocked,
  random: Random,
  deeds: Deeds,
): Promise<string[]> {
  const owner = `learner-${randomUUID()}`;
  const token = await lane.signer.tokenFor(owner);
  const notebook = new Notebook();
  const paths: StudyPath[] = [];
  const days = 10 + Math.floor(random.next() * 25);
  clock.now = Date.parse(random.pick(BEGINNINGS)) + Math.floor(random.next() * 1440) * MINUTE;
  lane.evaluator.reset();

  const did = (deed: string) => {
    deeds[deed] = (deeds[deed] ?? 0) + 1;
  };
  const pass = (most: number) => {
    clock.now += (1 + Math.floor(random.next() * most)) * MINUTE;
  };

  async function ask(path: string, options: Ask = {}): Promise<Answer> {
    const answer = await product.ask(`/v1${path}`, { ...options, token });
    if (answer.status >= 500 && answer.status !== 503) throw new Error(`${path}: ${answer.text}`);
    return answer;
  }
  /** A change: no two of them happen at the same instant. */
  async function change(path: string, method: string, body?: Body): Promise<Answer> {
    pass(9);
    const answer = await ask(path, { method, ...(body === undefined ? {} : { body }) });
    await product.settled();
    return answer;
  }
  const tasks = async () => ((await ask('/study-tasks?limit=200')).body as { data: ListedTask[] }).data;
  const pickOf = async (lets: (task: ListedTask) => boolean) => {
    const fitting = (await tasks()).filter(lets);
    return fitting.length === 0 ? null : random.pick(fitting);
  };
  const today = () => dayOn(notebook.clockAt(clock.now), clock.now);

  function anyClock(): Clock {
    return { zone: random.pick(ZONES), hour: random.pick([0, 3, 4, 4, 4, 6, 12]) };
  }
  async function makePath(): Promise<void> {
    const wish = random.chance(0.8) ? anyClock() : { zone: 'UTC', hour: 4 };
    const config = {
      ...{
        time_zone: wish.zone,
        day_start_hour: wish.hour,
        initial_tasks: 5 + Math.floor(random.next() * 4),
      },
      completion: random.pick(['first_attempt', 'until_passed']),
      tasks_per_day: random.pick([2, 4, 8]),
      reviews_per_day: random.pick([0, 1, 2, 10, 10]),
      expiry_hours: random.pick([30, 168]),
      ...(random.chance(0.4) ? { modules: ['hashing', 'arrays-strings'] } : {}),
    };
    const track = random.pick(['coding-interview-meta', 'coding-interview-meta', 'other']);
    const { status, body } = await change('/study-paths', 'POST', { track_id: track, config });
    if (status !== 201) throw new Error(`a path could not be made: ${status}`);
    const { path } = body as PathCreated;
    paths.push(path);
    notebook.set(path.id, Date.parse(path.created_at), wish);
    did('paths');
  }
  async function setConfig(path: string, config: Body, becomes: Clock): Promise<void> {
    const { status, body } = await change(`/study-paths/${path}`, 'PATCH', { config });
    if (status !== 200) throw new Error(`a config could not be changed: ${status}`);
    notebook.set(path, Date.parse((body as PathChanged).path.updated_at), becomes);
  }
  async function setPath(): Promise<void> {
    const path = random.chance(0.8) ? paths.at(-1) : random.pick(paths);
    if (path === undefined) return;
    const wish = anyClock();
    const was = notebook.clockOf(path.id);
    const setting = random.pick<[Body, Clock]>([
      [{ time_zone: wish.zone }, { ...was, zone: wish.zone }],
      [{ time_zone: wish.zone, day_start_hour: wish.hour }, wish],
      [{ day_start_hour: wish.hour }, { ...was, hour: wish.hour }],
      [{ tasks_per_day: random.pick([1, 3, 6]) }, was],
      [{ reviews_per_day: random.pick([0, 1, 3, 20]) }, was],
      [{ modules: random.pick([null, ['hashing'], ['trees-graphs', 'hashing']]) }, was],
    ]);
    await setConfig(path.id, ...setting);
    did('time_zone' in setting[0] ? 'zones' : 'configs');
  }
  async function submit(task: string): Promise<void> {
    const pick = random.next();
    const script =
      pick < 0.5 ? 4 : pick < 0.65 ? NO_COMPILE : pick < 0.7 ? JUDGE_FAULT : Math.floor(random.next() * 4);
    if (script === NO_COMPILE) did('compile errors');
    if (script === JUDGE_FAULT) did('judge faults');
    const code = codeOf({ who: owner, pass: script, hold: 0 });
    const spent = random.chance(0.3) ? { time_spent_seconds: Math.floor(random.next() * 900) } : {};
    await change(`/study-tasks/${task}/submit`, 'POST', { language: 'python', code, ...spent });
    did('submissions');
  }
  async function batch(
    task: Omit<NewTask, 'kind' | 'scheduled_at'> & Partial<NewTask>,
  ): Promise<string | null> {
    const path = random.pick(paths);
    const wish = { scheduled_at: new Date(clock.now).toISOString(), ...task };
    const { status, body } = await change('/study-tasks/batch', 'POST', { path_id: path.id, tasks: [wish] });
    return status === 201 ? ((body as { ids: string[] }).ids[0] ?? null) : null;
  }
  async function work(): Promise<void> {
    const { status, body } = await ask('/study-tasks/next');
    if (status !== 200) return;
    const { task } = body as { task: ListedTask };
    if (random.chance(0.15)) {
      await change(`/study-tasks/${task.id}`, 'PATCH', { status: 'skipped' });
      did('skips');
      return;
    }
    if (task.status === 'scheduled') await change(`/study-tasks/${task.id}/start`, 'POST');
    if (random.chance(0.05)) {
      await change(`/study-tasks/${task.id}/hint`, 'POST', {});
      did('hints');
    }
    if (task.kind === 'lesson') await change(`/study-tasks/${task.id}`, 'PATCH', { status: 'completed' });
    else await submit(task.id);
  }
  /** The same problem in another task, most often on the same day. */
  async function retry(): Promise<void> {
    const known = await pickOf(
      ({ score, completed_day }) => score !== null && (random.chance(0.2) || completed_day === today()),
    );
    if (known === null) return;
    const made = await batch({ problem_id: known.problem_id, retry_of: known.id });
    if (made === null) return;
    await submit(made);
    did('retries');
  }
  async function lesson(): Promise<void> {
    const id = await batch({ problem_id: `hashing-${Math.floor(random.next() * 12)}`, kind: 'lesson' });
    await change(`/study-tasks/${id}/start`, 'POST');
    await change(`/study-tasks/${id}`, 'PATCH', { status: 'completed' });
    did('lessons');
  }
  /** Over the date line after a night, or some hours into the next day: that day is hardly there. */
  async function flight(): Promise<void> {
    const path = paths.at(-1);
    if (path === undefined) return;
    const { hour } = notebook.clockOf(path.id);
    const [from, to] = random.pick([
      ['Pacific/Pago_Pago', 'Pacific/Kiritimati'],
      ['Pacific/Honolulu', 'Pacific/Auckland'],
      ['Pacific/Kiritimati', 'Pacific/Pago_Pago'],
    ] as const);
    await setConfig(path.id, { time_zone: from }, { zone: from, hour });
    await lesson();
    const tomorrow = beginning({ zone: from, hour }, plusDays(today(), 1));
    clock.now = Math.max(clock.now, tomorrow + Math.floor(random.next() * 14 * 60) * MINUTE);
    await setConfig(path.id, { time_zone: to }, { zone: to, hour });
    await lesson();
    did('flights');
  }
  const ACTIONS: readonly [weight: number, act: () => Promise<unknown>][] = [
    [14, work],
    [4, retry],
    [
      1.5,
      async () => {
        const task = await pickOf(({ score }) => score !== null);
        if (task !== null) await submit(task.id);
      },
    ],
    [1.5, lesson],
    [0.7, flight],
    [
      1,
      async () => {
        const task = await pickOf(({ score }) => score !== null);
        const at = new Date(clock.now + Math.floor(random.next() * 8 * 24) * HOUR).toISOString();
        if (task !== null) await batch({ problem_id: task.problem_id, kind: 'review', scheduled_at: at });
      },
    ],
    [
      2,
      async () => {
        const task = await pickOf(({ score }) => score !== null);
        const [verb, deed] = random.pick([
          ['POST grade', 'grades'],
          ['POST grade', 'grades'],
          ['DELETE grade', 'grades undone'],
          ['DELETE review', 'reviews undone'],
        ] as const);
        const [method = '', noun = ''] = verb.split(' ');
        const grade = random.pick(['again', 'hard', 'good', 'easy']);
        if (task === null) return;
        const body = method === 'POST' ? { grade } : undefined;
        const { status } = await change(`/study-tasks/${task.id}/${noun}`, method, body);
        if (status === 200) did(deed);
      },
    ],
    [
      1,
      async () => {
        const task = await pickOf(({ status, score }) => status === 'in_progress' && score !== null);
        if (task === null) return;
        await change(`/study-tasks/${task.id}`, 'PATCH', { status: 'completed' });
        did('set aside');
      },
    ],
    [1.2, setPath],
  ];
  const weights = ACTIONS.reduce((sum, [weight]) => sum + weight, 0);
  async function act(): Promise<void> {
    let left = random.next() * weights;
    for (const [weight, action] of ACTIONS) {
      left -= weight;
      if (left < 0) return void (await action());
    }
  }

  async function cron(): Promise<void> {
    const failed = await product.cron(random.chance(0.3) ? '17 * * * *' : '* * * * *');
    if (failed.length > 0) throw new Error(`${failed.join(' and ')} failed`);
    await product.settled();
  }
  async function look(): Promise<Seen> {
    did('looks');
    // What came of the last change is dated by how long it took.
    pass(1);
    return compareAll({ get: (path) => ask(path), now: clock.now, notebook, sizes: SIZES, random });
  }
  /** Whether the cron makes the reviews of today that every list and forecast has announced. */
  async function lookAtCron(): Promise<string[]> {
    const { document, wrong, plannedToday } = await look();
    if (wrong.length > 0) return wrong;
    const failed = await product.cron('* * * * *');
    if (failed.length > 0) throw new Error(`${failed.join(' and ')} failed`);
    const known = new Set(document.tasks.map(({ id }) => id));
    const made = (await tasks()).filter(({ id, kind }) => kind === 'review' && !known.has(id));
    did('reviews made');
    const [is, should] = [made.map(({ problem_id }) => problem_id), plannedToday].map((names) =>
      names.toSorted().join(' '),
    );
    return is === should
      ? []
      : [`the cron made reviews of ${is || 'nothing'} instead of ${should || 'nothing'}`];
  }
  async function erase(): Promise<void> {
    const { document } = await look();
    const path = random.pick(paths);
    paths.splice(paths.indexOf(path), 1);
    const { status } = await change(`/study-paths/${path.id}`, 'DELETE');
    if (status !== 204) throw new Error(`a path could not be erased: ${status}`);
    notebook.erased.push({ path: path.id, at: clock.now, document });
    did('erasures');
  }

  await makePath();
  const second = random.chance(0.7) ? 2 + Math.floor(random.next() * (days - 4)) : -1;
  const erasure = random.chance(0.2) ? Math.floor(days * 0.7) : -1;
  for (let day = 0; day < days; day += 1) {
    const begins = clock.now;
    if (day === second) await makePath();
    if (day === erasure && paths.length > 1) await erase();
    if (random.chance(0.2)) {
      const away = 1 + Math.floor(random.next() * 6);
      for (let times = 0; times < away * 2; times += 1) {
        clock.now += DAY / 2 + MINUTE;
        await cron();
      }
      did('absences');
      continue;
    }
    // Often about the hour at which a day begins, when it matters most.
    if (random.chance(0.5)) {
      const next = beginning(notebook.clockAt(clock.now), plusDays(today(), 1));
      clock.now = Math.max(clock.now, next - Math.floor(random.next() * 90) * MINUTE);
    } else clock.now += Math.floor(random.next() * 14 * 60) * MINUTE;
    const times = 1 + Math.floor(random.next() * 5);
    for (let time = 0; time < times; time += 1) await act();
    const wrong = random.chance(0.35) ? await lookAtCron() : [];
    if (wrong.length > 0) return wrong.map((what) => `day ${day}: ${what}`);
    await cron();
    if (random.chance(0.3)) await act();
    clock.now = Math.max(clock.now, begins + DAY - Math.floor(random.next() * 6) * HOUR);
  }
  return (await look()).wrong.map((what) => `at the end: ${what}`);
}
