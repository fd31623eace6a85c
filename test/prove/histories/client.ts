import { randomUUID } from 'node:crypto';
import type { TaskState } from '../kit/oracle.ts';
import { noteOf, predict, type Sent, type TaskCommand } from '../kit/predict.ts';
import type { Answer, Ask } from '../kit/product.ts';
import { codeOf } from '../kit/scripted-evaluator.ts';
import type { EventRow } from '../kit/snapshot.ts';
import type { Client } from './steps.ts';
import type { KnownTask, World } from './world.ts';

/** How often a client repeats a keyed request that failed. */
const RETRIES = 3;

/** Milliseconds that judging takes when others are about. */
const HOLD = 40;

/** One client's command with all that became of it. */
export type Operation = {
  client: Client;
  task: KnownTask;
  sent: Sent;
  requests: string[];
  answers: Answer[];
};

function submissionsOf(world: World, task: string): string[] {
  const own = world.found.evaluations.filter(({ task_id }) => task_id === task);
  return [...new Set(own.toSorted((a, b) => a.attempt - b.attempt).map((row) => row.submission_id))];
}

/** Problems of this bank whose number leaves 5 modulo 6 take Python only. */
function takes(language: string, problem: string): boolean {
  return language === 'python' || Number(problem.split('-').at(-1)) % 6 !== 5;
}

function sentOf(world: World, task: KnownTask, command: TaskCommand): Sent {
  const version = world.states.get(task.id)?.length ?? 1;
  const submissions = submissionsOf(world, task.id);
  const named = command.verb === 'evaluate' ? command.submission : null;
  const language = command.verb === 'submit' ? command.language : 'python';
  return {
    version:
      command.verb !== 'note' || command.ifMatch === 'none'
        ? null
        : command.ifMatch === 'newest'
          ? version
          : version + 7,
    submission:
      named === null ? null : (submissions[named % Math.max(1, submissions.length)] ?? randomUUID()),
    takesLanguage: takes(language, task.problem),
  };
}

function requestOf(
  { id }: KnownTask,
  command: TaskCommand,
  sent: Sent,
  script: { who: string; hold: number },
): [string, Ask] {
  const path = `/study-tasks/${id}`;
  switch (command.verb) {
    case 'start':
      return [`${path}/start`, { method: 'POST' }];
    case 'begin':
      return [path, { method: 'PATCH', body: { status: 'in_progress' } }];
    case 'skip': {
      const reason = command.reason === null ? {} : { reason: command.reason };
      return [path, { method: 'PATCH', body: { status: 'skipped', ...reason } }];
    }
    case 'complete':
      return [path, { method: 'PATCH', body: { status: 'completed', time_spent_seconds: 9 } }];
    case 'note': {
      const headers: Record<string, string> =
        sent.version === null ? {} : { 'if-match': `"${sent.version}"` };
      return [path, { method: 'PATCH', body: { metadata: noteOf(command.value) }, headers }];
    }
    case 'submit': {
      const code = codeOf({ ...script, pass: command.pass });
      return [`${path}/submit`, { body: { language: command.language, code } }];
    }
    case 'run':
      return [
        `${path}/run`,
        { body: { language: 'python', code: codeOf({ ...script, pass: command.pass }) } },
      ];
    case 'evaluate':
      return [
        `${path}/evaluate`,
        { body: sent.submission === null ? {} : { submission_id: sent.submission } },
      ];
    case 'hint':
      return [`${path}/hint`, { body: {} }];
    case 'grade':
      return [`${path}/grade`, { body: { grade: command.grade } }];
    case 'ungrade':
      return [`${path}/grade`, { method: 'DELETE' }];
    case 'undo':
      return [`${path}/review`, { method: 'DELETE' }];
    case 'read':
      return [path, {}];
  }
}

function codeOfProblem({ body }: Answer): string {
  return typeof body === 'object' && body !== null && 'code' in body ? String(body.code) : '';
}

const worthRepeating = (answer: Answer) =>
  answer.status >= 500 || codeOfProblem(answer) === 'request-in-progress' || answer.status === 429;

/** Sends a client's command, `copies` times at once under one key, and repeats what failed when it has a key. */
export async function operate(
  world: World,
  client: Client,
  task: KnownTask,
  { copies = 1, crowded = false }: { copies?: number; crowded?: boolean } = {},
): Promise<Operation> {
  const sent = sentOf(world, task, client.command);
  const [path, ask] = requestOf(task, client.command, sent, { who: world.owner, hold: crowded ? HOLD : 0 });
  const post = (ask.method ?? (ask.body === undefined ? 'GET' : 'POST')) === 'POST';
  const keyed = post && (client.keyed || copies > 1);
  const headers = { ...ask.headers, ...(keyed ? { 'idempotency-key': randomUUID() } : {}) };
  const operation: Operation = { client, task, sent, requests: [], answers: [] };
  async function send(): Promise<Answer> {
    const requestId = randomUUID();
    operation.requests.push(requestId);
    const answer = await world.ask(client.who, path, { ...ask, headers }, requestId);
    operation.answers.push(answer);
    return answer;
  }
  async function sendUntilAnswered() {
    let answer = await send();
    for (let retry = 1; keyed && retry <= RETRIES && worthRepeating(answer); retry += 1)
      answer = await send();
  }
  await Promise.all(Array.from({ length: post ? copies : 1 }, sendUntilAnswered));
  return operation;
}

/** Events that a command appends at once; those of results and streams come when they come. */
const AT_ONCE: Partial<Record<TaskCommand['verb'], readonly string[]>> = {
  start: ['started'],
  begin: ['started'],
  skip: ['status_changed'],
  complete: ['status_changed'],
  note: ['metadata_changed'],
  submit: ['started', 'submitted'],
  evaluate: ['evaluation_requested'],
};

const RESULT = [
  'evaluated',
  'evaluation_failed',
  'status_changed',
  'mastery_changed',
  'difficulty_changed',
  'graded',
];
const LATER: Partial<Record<TaskCommand['verb'], readonly string[]>> = {
  submit: RESULT,
  evaluate: RESULT,
  hint: ['hint_requested', 'tutor_interaction'],
  grade: ['graded'],
  undo: ['grade_undone'],
};

export const JUDGING: readonly TaskCommand['verb'][] = ['submit', 'run', 'evaluate'];

export type Circumstances = {
  /** The task's version when the step began. */
  since: number;
  /** States of the task before the step, for when it is gone afterwards. */
  before: readonly TaskState[];
  /** Whether a fault was planned, or the machine was slow. */
  troubled: boolean;
  /** Judgings that may have run at once. */
  crowd: number;
  erased: boolean;
};

/**
 * Holds each answer of an operation, and the events of its requests, against what the decisions say: it must be explained
 * by a state that the task really was in between the step's beginning and its end.
 */
export function check(world: World, operation: Operation, circumstances: Circumstances): void {
  const { client, task, sent, requests, answers } = operation;
  const { command } = client;
  const { since, before, troubled, crowd, erased } = circumstances;
  const states = world.states.get(task.id) ?? before;
  const own = world.found.events.filter(
    ({ request_id, task_id }) => task_id === task.id && request_id !== null && requests.includes(request_id),
  );
  const say = (what: string) =>
    world.fail(`${command.verb} of a task that is ${states[since - 1]?.status}: ${what}`);
  for (const answer of answers) {
    if (answer.status === 500) say(`answered 500: ${causeOf(world)}`);
    if (answer.status > 500 && !troubled) say(`answered ${answer.status} without a fault`);
  }
  const replays = answers.filter(({ status }) => status < 300 && command.verb !== 'hint' && status !== 204);
  if (replays.length > 1 && new Set(replays.map(({ text }) => text)).size > 1) {
    say('one key was given two different answers');
  }
  if (client.who === 'stranger') {
    const seen = answers.find(
      (answer) =>
        answer.status < 500 && answer.status !== 404 && codeOfProblem(answer) !== 'request-in-progress',
    );
    if (seen !== undefined) say(`a stranger was answered ${seen.status}`);
    if (own.length > 0) say(`a stranger caused ${own[0]?.event_type}`);
    return;
  }
  const group = groupOf(own, command, say);
  const explains = (state: TaskState) => predict(command, state, sent);
  if (group.length > 0) {
    const first = group[0]?.seq ?? 0;
    const state = states[first - 2];
    if (state === undefined) throw new Error('an event without a state before it');
    const { events } = explains(state);
    const types = group.map(({ event_type }) => event_type);
    if (types.join() !== events.join())
      say(`caused ${types.join(', ')} instead of ${events.join(', ') || 'nothing'}`);
    if (group.some(({ seq }, index) => seq !== first + index)) say('its events are torn apart');
    const { statuses } = explains(state);
    for (const { status, body } of answers) {
      const running =
        typeof body === 'object' && body !== null && 'code' in body && body.code === 'request-in-progress';
      if (
        status < 500 &&
        !statuses.includes(status) &&
        !running &&
        status !== 429 &&
        !(erased && status === 404)
      ) {
        say(`stored ${types.join(', ')} but answered ${status}`);
      }
    }
    return;
  }
  const window = states.slice(since - 1);
  for (const answer of answers) {
    const { status } = answer;
    if (status >= 500 || (erased && status === 404)) continue;
    if (status === 429 && JUDGING.includes(command.verb) && crowd > 2) continue;
    if (status === 409 && codeOfProblem(answer) === 'request-in-progress') continue;
    if (erased && !world.states.has(task.id)) continue;
    // The bank or the judge out of reach leaves a run without an answer, never with a wrong one.
    const explained = window.some((state) => {
      const { statuses, events } = explains(state);
      return events.length === 0 && statuses.includes(status);
    });
    if (!explained)
      say(`answered ${status} and stored nothing (was ${window.map((s) => s.status).join(', ')})`);
  }
}

/** What the product has logged of a failure that it answered with 500. */
function causeOf({ product }: World): string {
  const lines = product.log.filter((line) => /statement-failed|request-failed/.test(line));
  return lines.map((line) => line.slice(0, 300)).join(' ') || 'nothing was logged';
}

function groupOf(own: readonly EventRow[], command: TaskCommand, say: (what: string) => never): EventRow[] {
  const atOnce = AT_ONCE[command.verb] ?? [];
  const later = LATER[command.verb] ?? [];
  const stray = own.find(({ event_type }) => !atOnce.includes(event_type) && !later.includes(event_type));
  if (stray !== undefined) say(`caused ${stray.event_type}`);
  return own.filter(({ event_type }) => atOnce.includes(event_type));
}
