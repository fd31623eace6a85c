import { randomUUID, type UUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { JUDGE_FAULT } from '../kit/scripted-evaluator.ts';
import type { Arena, Entrant, Race } from './arena.ts';

const HOUR = 3_600_000;

const counted = (types: readonly string[] | undefined, type: string) =>
  (types ?? []).filter((one) => one === type).length;

function unexpected(answers: readonly { status: number }[], allowed: readonly number[]): string[] {
  return answers.filter(({ status }) => !allowed.includes(status)).map(({ status }) => `answered ${status}`);
}

/** Runs the jobs of every minute at the arena's time; none may fail. */
async function cron({ product }: Arena): Promise<string[]> {
  return (await product.cron('* * * * *')).map((job) => `the job ${job} failed`);
}

/** Every task with its learner. */
function pairs(entrants: readonly Entrant[]): { racer: Entrant['racer']; task: string }[] {
  return entrants.flatMap(({ racer, tasks }) => tasks.map((task) => ({ racer, task })));
}

async function eachTask(
  arena: Arena,
  entrants: readonly Entrant[],
  race: (racer: Entrant['racer'], task: string) => Promise<string[]>,
  judge: (types: readonly string[]) => string[],
): Promise<string[]> {
  const all = pairs(entrants);
  const tasks = all.map(({ task }) => task);
  const problems = (await Promise.all(all.map(({ racer, task }) => race(racer, task)))).flat();
  const logs = await arena.events(tasks);
  return [...problems, ...tasks.flatMap((task) => judge(logs.get(task) ?? []))];
}

const once = (type: string) => (types: readonly string[]) =>
  counted(types, type) === 1 ? [] : [`${counted(types, type)} times ${type}`];

const doubleSubmit: Race = {
  name: 'one submission sent twice under one key',
  size: 2,
  racers: 4,
  run: (arena, entrants) =>
    eachTask(
      arena,
      entrants,
      async (racer, task) => {
        const key = randomUUID();
        const answers = await Promise.all([racer.submit(task, { key }), racer.submit(task, { key })]);
        const again = await racer.submit(task, { key });
        const stored = [...answers, again].filter(({ status }) => status < 300).map(({ text }) => text);
        const same = new Set(stored).size === 1 ? [] : [`${new Set(stored).size} answers to one key`];
        return [...unexpected([...answers, again], [200, 202, 409, 429]), ...same];
      },
      once('submitted'),
    ),
};

const submitOrResult: Race = {
  name: 'a submission against the result that completes its task',
  size: 1,
  racers: 6,
  async run(arena, entrants) {
    const all = pairs(entrants);
    const answers = await Promise.all(
      all.map(async ({ racer, task }) => {
        const first = racer.submit(task, { hold: 10 });
        await sleep(Math.random() * 60);
        return Promise.all([first, racer.submit(task)]);
      }),
    );
    const logs = await arena.events(all.map(({ task }) => task));
    return all.flatMap(({ task }, index) => {
      const both = answers[index] ?? [];
      const taken = both.filter(({ status }) => status < 300).length;
      const stored = counted(logs.get(task), 'submitted');
      return [
        ...unexpected(both, [200, 202, 429]),
        ...(stored === taken ? [] : [`${taken} were taken, ${stored} are stored`]),
      ];
    });
  },
};

const doubleStart: Race = {
  name: 'a task started twice',
  size: 10,
  racers: 2,
  run: (arena, entrants) =>
    eachTask(
      arena,
      entrants,
      async ({ ask }, task) => {
        const start = () => ask(`/study-tasks/${task}/start`, { method: 'POST' });
        return unexpected(await Promise.all([start(), start()]), [200]);
      },
      once('started'),
    ),
};

/** Hours after which every task of a race has expired. */
const LATE = 30;

/** Of start, or submission, and expiry one wins; the other leaves no trace. */
async function againstExpiry(
  arena: Arena,
  entrants: readonly Entrant[],
  act: (racer: Entrant['racer'], task: string) => Promise<{ status: number }>,
  type: string,
): Promise<string[]> {
  arena.clock.now += LATE * HOUR;
  const all = pairs(entrants);
  const acts = all.map(({ racer, task }) => act(racer, task));
  const [answers, failed] = await Promise.all([Promise.all(acts), cron(arena)]);
  const logs = await arena.events(all.map(({ task }) => task));
  return [
    ...failed,
    ...all.flatMap(({ task }, index) => {
      const [done, expired] = [
        counted(logs.get(task), type),
        counted(logs.get(task), 'status_changed:expired'),
      ];
      const status = answers[index]?.status ?? 0;
      if (done + expired !== 1) return [`${done} times ${type} and ${expired} times expired`];
      const said =
        status === 429 ? expired === 1 : status < 300 ? done === 1 : status === 409 && expired === 1;
      return said ? [] : [`answered ${status} after ${done === 1 ? type : 'the expiry'}`];
    }),
  ];
}

const start = ({ ask }: Entrant['racer'], task: string) =>
  ask(`/study-tasks/${task}/start`, { method: 'POST' });

const startOrExpire: Race = {
  name: 'a start against the expiry',
  moves: LATE,
  size: 10,
  racers: 1,
  run: (arena, entrants) => againstExpiry(arena, entrants, start, 'started'),
};

const submitOrExpire: Race = {
  name: 'a submission against the expiry',
  moves: LATE,
  // As many as a learner has slots.
  size: 2,
  racers: 5,
  async run(arena, entrants) {
    await Promise.all(pairs(entrants).map(({ racer, task }) => start(racer, task)));
    const submit = (racer: Entrant['racer'], task: string) => racer.submit(task, { hold: 15 });
    const problems = await againstExpiry(arena, entrants, submit, 'submitted');
    await arena.product.settled();
    return problems;
  },
};

const patches: Race = {
  name: 'two changes on one version',
  size: 8,
  racers: 2,
  run: (arena, entrants) =>
    eachTask(
      arena,
      entrants,
      async ({ ask }, task) => {
        const change = (note: number) =>
          ask(`/study-tasks/${task}`, {
            method: 'PATCH',
            body: { metadata: { note } },
            headers: { 'if-match': '"1"' },
          });
        const statuses = (await Promise.all([change(1), change(2)])).map(({ status }) => status).sort();
        return statuses.join() === '200,412' ? [] : [`answered ${statuses.join(' and ')}`];
      },
      once('metadata_changed'),
    ),
};

const slots: Race = {
  name: 'ten submissions and two slots',
  size: 10,
  counts: 1,
  racers: 4,
  reuses: true,
  async run(arena, entrants) {
    const all = pairs(entrants);
    const tasks = all.map(({ task }) => task);
    const submitted = async () =>
      [...(await arena.events(tasks)).values()].reduce((sum, log) => sum + counted(log, 'submitted'), 0);
    const before = await submitted();
    const answers = await Promise.all(all.map(({ racer, task }) => racer.submit(task, { hold: 25 })));
    // Until the last result is stored, which the answer does not wait for when it is late.
    await arena.product.settled();
    const taken = answers.filter(({ status }) => status < 300).length;
    const stored = (await submitted()) - before;
    const most = arena.lane.evaluator.most();
    return [
      ...unexpected(answers, [200, 202, 429]),
      ...(most > 2 ? [`${most} judgings at once`] : []),
      ...(taken < 2 ? [`only ${taken} of ten were taken`] : []),
      ...(stored === taken ? [] : [`${taken} were taken, ${stored} are stored`]),
    ];
  },
};

const crons: Race = {
  name: 'two crons at once',
  moves: 7,
  size: 12,
  racers: 1,
  async run(arena, entrants) {
    const judged = pairs(entrants.map(({ racer, tasks }) => ({ racer, tasks: tasks.slice(0, 2) })));
    const late = entrants.flatMap(({ tasks }) => tasks.slice(2));
    const heal = await arena.lane.evaluatorFaults([{ kind: 'status', status: 503, times: 99 }]);
    await Promise.all(judged.map(({ racer, task }) => racer.submit(task)));
    await heal();
    arena.clock.now += 7 * HOUR;
    arena.lane.evaluator.reset();
    const problems = (await Promise.all([cron(arena), cron(arena)])).flat();
    await arena.product.settled();
    const logs = await arena.events([...judged.map(({ task }) => task), ...late]);
    const judgings = arena.lane.evaluator.judgings();
    return [
      ...problems,
      ...(judgings > judged.length ? [`${judged.length} submissions were judged ${judgings} times`] : []),
      ...judged.flatMap(({ task }) => once('evaluated')(logs.get(task) ?? [])),
      ...late.flatMap((task) => once('status_changed:expired')(logs.get(task) ?? [])),
    ];
  },
};

/** Milliseconds to wait for what must come soon, on a machine that is busy. */
const SOON_MS = 3000;

async function until(condition: () => boolean): Promise<void> {
  for (let waited = 0; !condition() && waited < SOON_MS; waited += 5) await sleep(5);
}

const longRun: Race = {
  name: 'two runs that outlive their first leases',
  moves: 1,
  size: 3,
  counts: 1,
  racers: 1,
  async run(arena, entrants) {
    const [first, second, third] = pairs(entrants);
    if (first === undefined || second === undefined || third === undefined) return ['no tasks'];
    const { evaluator } = arena.lane;
    evaluator.reset();
    const running = [first, second].map(({ racer, task }) => racer.submit(task, { hold: 8000 }));
    await until(() => evaluator.judgings() === 2);
    for (let lease = 0; lease < 3; lease += 1) {
      arena.clock.now += 30_000;
      const renewed = arena.product.slots.renewals();
      await until(() => arena.product.slots.renewals() >= renewed + 4);
    }
    const refused = await third.racer.submit(third.task);
    evaluator.release();
    const answers = await Promise.all(running);
    await arena.product.settled();
    return [...unexpected(answers, [200]), ...unexpected([refused], [429])];
  },
};

const overrun: Race = {
  name: 'runs that outlast the deadline',
  seconds: 0.25,
  size: 4,
  counts: 1,
  racers: 3,
  async run(arena, entrants) {
    const all = pairs(entrants);
    const answers: { status: number }[] = [];
    for (const { racer, task } of all) answers.push(await racer.submit(task, { hold: 5000 }));
    await arena.product.settled();
    const most = arena.lane.evaluator.most();
    arena.lane.evaluator.release();
    return [...unexpected(answers, [202]), ...(most > 2 ? [`${most} judgings at once`] : [])];
  },
};

const waiting: Race = {
  name: 'four waiting submissions and one cron',
  moves: 7,
  size: 4,
  counts: 1,
  racers: 1,
  async run(arena, entrants) {
    const all = pairs(entrants);
    const heal = await arena.lane.evaluatorFaults([{ kind: 'status', status: 503, times: 99 }]);
    for (const { racer, task } of all) await racer.submit(task, { hold: 20 });
    await heal();
    arena.clock.now += 7 * HOUR;
    arena.lane.evaluator.reset();
    const problems = await cron(arena);
    await arena.product.settled();
    const most = arena.lane.evaluator.most();
    const logs = await arena.events(all.map(({ task }) => task));
    return [
      ...problems,
      ...(most > 1 ? [`${most} submissions of one learner in one batch`] : []),
      ...all.flatMap(({ task }) => once('evaluated')(logs.get(task) ?? [])),
    ];
  },
};

const faulty: Race = {
  name: 'three faults of the judge',
  size: 1,
  racers: 4,
  async run(arena, entrants) {
    const all = pairs(entrants);
    await Promise.all(
      all.map(async ({ racer, task }) => {
        const again = () => racer.ask(`/study-tasks/${task}/evaluate`, { method: 'POST', body: {} });
        await racer.submit(task, { pass: JUDGE_FAULT });
        await Promise.all([again(), again()]);
        await Promise.all([again(), again()]);
      }),
    );
    await arena.product.settled();
    const logs = await arena.events(all.map(({ task }) => task));
    return all.flatMap(({ task }) => {
      const failed = counted(logs.get(task), 'evaluation_failed');
      const runs = 1 + counted(logs.get(task), 'evaluation_requested');
      // A failed one can be judged again, as its next run.
      return failed >= 1 && failed <= runs ? [] : [`${failed} times given up in ${runs} runs`];
    });
  },
};

const erasure: Race = {
  name: 'an erasure against a late result',
  size: 0,
  counts: 1,
  racers: 4,
  async run(arena) {
    const own = await arena.newLearner({ races: 1, size: 0 });
    const [task = ''] = own.given;
    const judging = own.submit(task, { hold: 20 });
    const erased = await own.ask(`/study-paths/${own.pathId}`, { method: 'DELETE' });
    const answer = await judging;
    await arena.product.settled();
    const [left] = await arena.lane.rows<{ rows: number }>(
      `select (select count(*) from study_paths where id = $1) + (select count(*) from study_tasks where path_id = $1)
         + (select count(*) from task_events where task_id = $2) + (select count(*) from task_evaluations where task_id = $2)
         + (select count(*) from review_queue where path_id = $1) + (select count(*) from module_states where path_id = $1)
         + (select count(*) from progress_counters where path_id = $1) as rows`,
      [own.pathId, task],
    );
    return [
      ...unexpected([erased], [204]),
      ...unexpected([answer], [200, 202, 404]),
      ...(Number(left?.rows) === 0 ? [] : [`${left?.rows} rows outlived their path`]),
    ];
  },
};

/** What a quota of a day allows in its race, and how many ask for it at once. */
const ALLOWED = 3;
const MEETING = 6;

/**
 * Uses a quota by requests that meet, some of them refused for another reason, then by one after the other until it is
 * used up: in the end exactly as much was stored as it allows.
 * @param use asks for one; @param refused asks for one that must fail; @param stored says how many there are.
 */
async function raceForQuota(parts: {
  use: (key: UUID) => Promise<{ status: number; text: string }>;
  refused: () => Promise<{ status: number }>;
  stored: () => Promise<number>;
}): Promise<string[]> {
  const { use, refused, stored } = parts;
  const keys = Array.from({ length: MEETING }, () => randomUUID());
  const [answers, failing] = await Promise.all([
    Promise.all(keys.map(use)),
    Promise.all(Array.from({ length: 3 }, refused)),
  ]);
  const met = await stored();
  const taken = keys.filter((_, index) => (answers[index]?.status ?? 0) < 300);
  const again = await Promise.all(taken.map(use));
  const one = again.every(({ text }) => answers.some((answer) => answer.text === text));
  const rest = [];
  for (let tries = 0; tries <= ALLOWED && rest.at(-1)?.status !== 429; tries += 1)
    rest.push(await use(randomUUID()));
  const total = await stored();
  return [
    ...unexpected(answers, [200, 201, 202, 429]),
    ...unexpected(failing, [404, 409, 422, 429]),
    ...(met === taken.length ? [] : [`${taken.length} were taken, ${met} are stored`]),
    ...(one ? [] : ['a repeat under its key was answered otherwise']),
    ...(total === ALLOWED ? [] : [`${total} are stored where a day allows ${ALLOWED}`]),
  ];
}

/** A race of several learners, each new to their quotas. */
function quotaRace(
  name: string,
  vars: Record<string, number>,
  run: (arena: Arena, racer: Entrant['racer']) => Promise<string[]>,
): Race {
  return {
    name,
    size: 0,
    counts: 1,
    racers: 4,
    vars,
    run: async (arena) => run(arena, await arena.newLearner({ races: 1, size: 0 })),
  };
}

const submissionQuota = quotaRace(
  'more submissions than a day allows',
  { SUBMISSIONS_PER_DAY: ALLOWED, MAX_CONCURRENT_EVALUATIONS: 20 },
  async (arena, racer) => {
    const [task = '', skipped = ''] = racer.given;
    await racer.ask(`/study-tasks/${skipped}`, { method: 'PATCH', body: { status: 'skipped' } });
    return raceForQuota({
      use: (key) => racer.submit(task, { key }),
      refused: () => racer.submit(skipped),
      stored: async () => counted((await arena.events([task])).get(task), 'submitted'),
    });
  },
);

const taskQuota = quotaRace(
  'more new tasks than a day allows',
  { TASKS_PER_DAY: ALLOWED },
  async (arena, { ask, pathId, given }) => {
    const task = { problem_id: 'hashing-1', scheduled_at: new Date(arena.clock.now).toISOString() };
    const batch = (tasks: object[], key = randomUUID()) =>
      ask('/study-tasks/batch', { body: { path_id: pathId, tasks }, headers: { 'idempotency-key': key } });
    return raceForQuota({
      use: (key) => batch([task], key),
      refused: () => batch([task, { ...task, retry_of: randomUUID() }]),
      async stored() {
        const [row] = await arena.lane.rows<{ tasks: number }>(
          'select count(*)::integer as tasks from study_tasks where path_id = $1',
          [pathId],
        );
        return (row?.tasks ?? 0) - given.length;
      },
    });
  },
);

const runQuota = quotaRace(
  'more runs than a day allows',
  { RUNS_PER_DAY: ALLOWED, MAX_CONCURRENT_EVALUATIONS: 20 },
  async (_, { ask, given }) => {
    const [task = '', skipped = ''] = given;
    const run = (id: string, key = randomUUID()) =>
      ask(`/study-tasks/${id}/run`, {
        body: { language: 'python', code: 'anything' },
        headers: { 'idempotency-key': key },
      });
    const done = new Set<string>();
    await ask(`/study-tasks/${skipped}`, { method: 'PATCH', body: { status: 'skipped' } });
    return raceForQuota({
      async use(key) {
        const answer = await run(task, key);
        if (answer.status === 200) done.add(key);
        return answer;
      },
      refused: () => run(skipped),
      stored: async () => done.size,
    });
  },
);

const hintQuota = quotaRace(
  'more hints than a day allows',
  { HINTS_PER_DAY: ALLOWED, OPEN_HINTS: 0, TUTOR_STREAM_TIMEOUT: 60 },
  async (arena, { ask, given }) => {
    const [task = '', skipped = ''] = given;
    // A stream is not stored under a key, so that each has a key that is sent once.
    const hint = (id: string) => ask(`/study-tasks/${id}/hint`, { body: { question: 'How?' } });
    const streams = new Map<string, ReturnType<typeof hint>>();
    await ask(`/study-tasks/${skipped}`, { method: 'PATCH', body: { status: 'skipped' } });
    return raceForQuota({
      use(key) {
        const stream = streams.get(key) ?? hint(task);
        streams.set(key, stream);
        return stream;
      },
      refused: () => hint(skipped),
      async stored() {
        await arena.product.settled();
        return counted((await arena.events([task])).get(task), 'hint_requested');
      },
    });
  },
);

export const RACES: readonly Race[] = [
  doubleSubmit,
  submitOrResult,
  doubleStart,
  startOrExpire,
  submitOrExpire,
  patches,
  slots,
  crons,
  longRun,
  overrun,
  waiting,
  faulty,
  erasure,
  submissionQuota,
  taskQuota,
  runQuota,
  hintQuota,
];
