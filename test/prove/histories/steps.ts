import * as fc from 'fast-check';
import type { TaskCommand } from '../kit/predict.ts';
import { JUDGE_FAULT, NO_COMPILE } from '../kit/scripted-evaluator.ts';

/** A fault switched on while a step runs; `match` is a piece of the statement that it strikes. */
export type PlannedFault = {
  where: 'database' | 'evaluator' | 'tutor';
  kind: string;
  times: number;
  match: string | null;
};

/** One client's command; `task` chooses among the known tasks, `retries` sends it again under its key after a failure. */
export type Client = {
  task: number;
  who: 'owner' | 'stranger';
  keyed: boolean;
  command: TaskCommand;
};

export type Step =
  /** One to three clients at once, all on the first one's task when `together`. */
  | { step: 'clients'; clients: Client[]; together: boolean; fault: PlannedFault | null; cron: boolean }
  /** One POST sent twice at the same time under one key. */
  | { step: 'twice'; client: Client; fault: PlannedFault | null }
  | { step: 'batch'; kinds: ('problem' | 'lesson' | 'review')[]; keyed: boolean; fault: PlannedFault | null }
  | { step: 'next' }
  | { step: 'wait'; hours: number }
  | { step: 'cron'; expression: string; twice: boolean; fault: PlannedFault | null }
  | { step: 'erase-path'; together: Client | null };

const STATEMENTS = [
  null,
  'insert into idempotency_keys',
  'update idempotency_keys',
  'insert into task_evaluations',
  'judging as materialized',
  'update study_tasks',
  'for update skip locked',
];

const databaseFault = fc.record({
  where: fc.constant('database' as const),
  kind: fc.oneof(
    { arbitrary: fc.constant('after-commit'), weight: 16 },
    {
      arbitrary: fc.constantFrom('before-commit', 'status', 'garbage', 'html', 'reset', 'wrong-schema'),
      weight: 20,
    },
    { arbitrary: fc.constantFrom('truncated', 'delay'), weight: 4 },
    // Costs the whole time of an attempt.
    { arbitrary: fc.constant('hang'), weight: 1 },
  ),
  times: fc.constantFrom(1, 1, 2, 5),
  match: fc.constantFrom(...STATEMENTS),
});
const evaluatorFault = fc.record({
  where: fc.constant('evaluator' as const),
  kind: fc.constantFrom('status', 'garbage', 'html', 'reset', 'wrong-schema', 'truncated', 'hang'),
  times: fc.constantFrom(1, 2, 9),
  match: fc.constant(null),
});
const tutorFault = fc.record({
  where: fc.constant('tutor' as const),
  kind: fc.constantFrom('status', 'garbage', 'html', 'reset'),
  times: fc.constant(1),
  match: fc.constant(null),
});

const fault = fc.option(
  fc.oneof(
    { arbitrary: databaseFault, weight: 6 },
    { arbitrary: evaluatorFault, weight: 3 },
    { arbitrary: tutorFault, weight: 1 },
  ),
  { nil: null, freq: 2 },
);

const pass = fc.nat({ max: 4 });
/** Over some submissions the judge fails each time, and some do not compile. */
const judgedPass = fc.oneof(
  { arbitrary: pass, weight: 8 },
  { arbitrary: fc.constant(JUDGE_FAULT), weight: 1 },
  { arbitrary: fc.constant(NO_COMPILE), weight: 2 },
);
const language = fc.constantFrom('python' as const, 'python' as const, 'javascript' as const);

const taskCommand: fc.Arbitrary<TaskCommand> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ verb: fc.constant('start' as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      verb: fc.constant('skip' as const),
      reason: fc.constantFrom(null, 'too "easy" é'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ verb: fc.constant('begin' as const) }) },
  { weight: 2, arbitrary: fc.record({ verb: fc.constant('complete' as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      verb: fc.constant('note' as const),
      value: fc.nat({ max: 2 }),
      ifMatch: fc.constantFrom('none' as const, 'newest' as const, 'newest' as const, 'stale' as const),
    }),
  },
  {
    weight: 9,
    arbitrary: fc.record({ verb: fc.constant('submit' as const), pass: judgedPass, language }),
  },
  { weight: 1, arbitrary: fc.record({ verb: fc.constant('run' as const), pass }) },
  {
    weight: 4,
    arbitrary: fc.record({
      verb: fc.constant('evaluate' as const),
      submission: fc.option(fc.nat({ max: 2 }), { nil: null }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ verb: fc.constant('hint' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      verb: fc.constant('grade' as const),
      grade: fc.constantFrom('again' as const, 'hard' as const, 'good' as const, 'easy' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ verb: fc.constant('ungrade' as const) }) },
  { weight: 1, arbitrary: fc.record({ verb: fc.constant('undo' as const) }) },
  { weight: 1, arbitrary: fc.record({ verb: fc.constant('read' as const) }) },
);

const client: fc.Arbitrary<Client> = fc.record({
  task: fc.nat({ max: 4 }),
  who: fc.constantFrom(...Array.from({ length: 11 }, () => 'owner' as const), 'stranger' as const),
  keyed: fc.boolean(),
  command: taskCommand,
});

const kinds = fc.array(fc.constantFrom('problem' as const, 'lesson' as const, 'review' as const), {
  minLength: 1,
  maxLength: 3,
});

/** Steps of a history. Weighed so that a few tasks meet many commands. */
export const steps: readonly fc.Arbitrary<Step>[] = [
  ...Array.from({ length: 3 }, () =>
    fc.record({
      step: fc.constant('clients' as const),
      clients: fc.array(client, { minLength: 1, maxLength: 1 }),
      together: fc.constant(true),
      fault,
      cron: fc.constant(false),
    }),
  ),
  ...Array.from({ length: 3 }, () =>
    fc.record({
      step: fc.constant('clients' as const),
      clients: fc.array(client, { minLength: 2, maxLength: 3 }),
      together: fc.boolean(),
      fault,
      cron: fc.boolean(),
    }),
  ),
  fc.record({ step: fc.constant('twice' as const), client, fault }),
  fc.record({ step: fc.constant('batch' as const), kinds, keyed: fc.boolean(), fault }),
  fc.record({ step: fc.constant('next' as const) }),
  fc.record({ step: fc.constant('wait' as const), hours: fc.constantFrom(0.02, 0.1, 1, 25, 31, 170) }),
  fc.record({
    step: fc.constant('cron' as const),
    expression: fc.constantFrom('* * * * *', '* * * * *', '17 * * * *'),
    twice: fc.boolean(),
    fault,
  }),
  fc.record({ step: fc.constant('erase-path' as const), together: fc.option(client, { nil: null }) }),
];

function together(
  commands: readonly TaskCommand[],
  task: number,
  extra: Partial<Extract<Step, { step: 'clients' }>>,
): Step {
  const clients = commands.map((command) => ({ task, who: 'owner' as const, keyed: true, command }));
  return { step: 'clients', clients, together: true, fault: null, cron: false, ...extra };
}

const evaluatorDown: PlannedFault = { where: 'evaluator', kind: 'status', times: 9, match: null };
const submit = fc.record({
  verb: fc.constant('submit' as const),
  pass,
  language: fc.constant('python' as const),
});
const judging = fc.oneof(
  submit,
  fc.record({ verb: fc.constant('evaluate' as const), submission: fc.constant(null) }),
);
const task = fc.nat({ max: 4 });
const expression = '* * * * *';

/** Beginnings of stories that chance alone tells too seldom; what comes before and after them is chance again. */
export const stories: readonly fc.Arbitrary<Step[]>[] = [
  // A task that is over its time and has a submission that nobody can judge just now.
  fc
    .tuple(task, submit, fc.boolean())
    .map(([one, command, cron]) => [
      together([{ verb: 'start' }], one, {}),
      { step: 'wait', hours: 31 },
      together([command], one, { fault: evaluatorDown, cron }),
      { step: 'cron', expression, twice: false, fault: evaluatorDown },
    ]),
  // A pending submission that several judge at once.
  fc
    .tuple(task, submit, fc.array(judging, { minLength: 1, maxLength: 3 }))
    .map(([one, command, others]) => [
      together([command], one, { fault: evaluatorDown }),
      { step: 'wait', hours: 0.1 },
      together([{ verb: 'evaluate', submission: null }, ...others], one, { cron: others.length < 3 }),
    ]),
  // A submission over which the judge fails, again and again: by the cron, and by learners who do not wait for it.
  fc
    .tuple(task, language, fc.array(judging, { minLength: 1, maxLength: 2 }))
    .map(([one, spoken, others]) => [
      together([{ verb: 'submit', pass: JUDGE_FAULT, language: spoken }], one, {}),
      { step: 'wait', hours: 0.1 },
      { step: 'cron', expression, twice: true, fault: null },
      together([{ verb: 'evaluate', submission: null }, ...others], one, { cron: others.length < 2 }),
      { step: 'wait', hours: 1 },
      { step: 'cron', expression, twice: false, fault: null },
    ]),
  // More judgings than there are slots.
  fc
    .tuple(task, fc.array(judging, { minLength: 3, maxLength: 4 }))
    .map(([one, commands]) => [together(commands, one, {})]),
  // A statement is carried out and its answer lost, more often than the Worker itself repeats it.
  fc
    .tuple(task, submit, fc.constantFrom('insert into task_evaluations', 'judging as materialized', null))
    .map(([one, command, match]) => [
      together([command], one, { fault: { where: 'database', kind: 'after-commit', times: 4, match } }),
    ]),
  // A review falls due while its task is being graded anew.
  fc
    .tuple(task, submit)
    .map(([one, command]) => [
      together([command], one, {}),
      { step: 'wait', hours: 31 },
      { step: 'wait', hours: 170 },
      together([{ verb: 'grade', grade: 'again' }, { verb: 'undo' }], one, { cron: true }),
      { step: 'cron', expression, twice: true, fault: null },
    ]),
];
