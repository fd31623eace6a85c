import { EventSourceParserStream } from 'eventsource-parser/stream';
import type { TaskEvent } from '#contract/events.ts';
import type { CurrentPath, NextTask, PathCreated } from '#contract/paths.ts';
import type { Evaluation } from '#contract/submissions.ts';
import type { Task } from '#contract/tasks.ts';
import type { Language } from '#contract/vocabulary.ts';
import { CONTROL_HEADER } from '#services/common/control-key.ts';
import { basePort, HOME, portsFrom } from './checkout.ts';
import { readSecrets } from './secrets.ts';
import { type Stack, startStack } from './stack.ts';

type Judged = { evaluation: Evaluation; task: Task };

function say(line = ''): void {
  process.stdout.write(`${line}\n`);
}

/** The demo stops at the first answer that is not what a learner may expect. */
function expect(what: string, holds: boolean, seen: unknown): asserts holds {
  if (!holds) throw new Error(`unexpected: ${what}; got ${JSON.stringify(seen)}`);
}

/** Opens the services' own switches; only this checkout knows the key. */
function controlHeaders(): Record<string, string> {
  return { [CONTROL_HEADER]: readSecrets(HOME).controlKey };
}

async function isRunning(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(2000) })).ok;
  } catch {
    return false;
  }
}

/** A learner with a token of the local issuer, walking through the API as any front end would. */
function learnerAt(api: string, token: string) {
  async function send(method: string, route: string, body?: unknown): Promise<Response> {
    return fetch(`${api}${route}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }
  async function call<T>(
    method: string,
    route: string,
    body?: unknown,
  ): Promise<{ status: number; body: T }> {
    const response = await send(method, route, body);
    const text = await response.text();
    return { status: response.status, body: (text === '' ? null : JSON.parse(text)) as T };
  }
  return { send, call };
}

type Learner = ReturnType<typeof learnerAt>;

async function takeHint(learner: Learner, taskId: string): Promise<void> {
  const response = await learner.send('POST', `/v1/study-tasks/${taskId}/hint`, {
    question: 'How do I begin?',
  });
  expect('a hint streams', response.status === 200 && response.body !== null, response.status);
  process.stdout.write('  hint     ');
  let words = 0;
  const events = response.body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream());
  for await (const event of events) {
    if (event.event !== 'delta') continue;
    process.stdout.write((JSON.parse(event.data) as { text: string }).text.replaceAll('\n', ' '));
    words += 1;
  }
  say();
  expect('the hint came in pieces', words > 1, words);
}

async function submit(learner: Learner, taskId: string, language: Language, code: string): Promise<Judged> {
  const { status, body } = await learner.call<Judged>('POST', `/v1/study-tasks/${taskId}/submit`, {
    language,
    code,
  });
  expect('the submission is judged', status === 200, { status, body });
  const { evaluation } = body;
  say(
    `  submit   ${language}: ${evaluation.verdict}, ${evaluation.test_cases_passed} of ${evaluation.test_cases_total} ` +
      `tests, ${evaluation.runtime_ms} ms, ${evaluation.memory_mb?.toFixed(1)} MiB`,
  );
  for (const test of evaluation.tests ?? []) {
    if (test.verdict === 'AC') continue;
    const got = test.error === null ? JSON.stringify(test.actual) : test.error.type;
    say(
      `             test ${test.number}: ${test.verdict}, expected ${JSON.stringify(test.expected)}, got ${got}`,
    );
  }
  const { hidden } = evaluation;
  expect(
    'of hidden tests only counts and the first failure are shown',
    hidden !== null && Object.keys(hidden).sort().join() === 'first_failed,passed,total',
    hidden,
  );
  return body;
}

/** A program that runs in either language and is wrong: it answers nothing. */
function wrongCode(language: Language, entryPoint: string): string {
  return language === 'python'
    ? `def ${entryPoint}(*args):\n    return None\n`
    : `function ${entryPoint}() {\n  return null;\n}\n`;
}

async function practise(learner: Learner, bank: string, language: Language): Promise<void> {
  const next = await learner.call<NextTask>('GET', '/v1/study-tasks/next');
  expect('there is a next task', next.status === 200, next);
  const { task, problem } = next.body;
  expect('its problem is shown', problem !== null, next.body);
  say(`\n${problem.title} (${problem.module}, difficulty ${problem.difficulty}), in ${language}`);
  say(`  why      ${String(task.metadata.reason)}`);

  const started = await learner.call<{ task: Task }>('POST', `/v1/study-tasks/${task.id}/start`);
  expect('the task starts', started.body.task.status === 'in_progress', started);
  say(`  start    ${started.body.task.started_at}`);
  await takeHint(learner, task.id);

  const wrong = await submit(learner, task.id, language, wrongCode(language, problem.entry_point));
  expect('a wrong answer is not accepted', wrong.evaluation.verdict !== 'AC', wrong.evaluation.verdict);
  const reference = await fetch(`${bank}/__local/solutions/${problem.problem_id}`, {
    headers: controlHeaders(),
  });
  const solutions = (await reference.json()) as { reference_solution: Partial<Record<Language, string>> };
  const code = solutions.reference_solution[language];
  expect(`the bank has a ${language} reference for ${problem.problem_id}`, code !== undefined, solutions);
  const right = await submit(learner, task.id, language, code);
  expect(
    'the reference is accepted',
    right.evaluation.verdict === 'AC' && right.task.score === 1,
    right.task,
  );
  say(`  task     ${right.task.status}, best score ${right.task.score}, ${right.task.attempts} attempts`);

  const events = await learner.call<{ data: TaskEvent[] }>('GET', `/v1/study-tasks/${task.id}/events`);
  const types = events.body.data.map((event) => `${event.seq} ${event.event_type}`);
  say(`  log      ${types.join(', ')}`);
  const wanted = ['created', 'started', 'hint_requested', 'submitted', 'evaluated', 'status_changed'];
  const seen = new Set<string>(events.body.data.map((event) => event.event_type));
  expect(
    'every step is in the log',
    wanted.every((type) => seen.has(type)),
    types,
  );
}

async function walk(base: number): Promise<void> {
  const ports = portsFrom(base);
  const api = `http://127.0.0.1:${ports.worker}`;
  const ready = await fetch(`${api}/readyz`);
  const { checks } = (await ready.json()) as { checks: Record<string, { ok: boolean; ms: number }> };
  expect('every service is ready', ready.status === 200, checks);
  say(
    `ready      ${Object.entries(checks)
      .map(([name, check]) => `${name} ${check.ms} ms`)
      .join(', ')}`,
  );

  const sub = `demo-${Date.now()}`;
  const minted = await fetch(`http://127.0.0.1:${ports.issuer}/__local/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...controlHeaders() },
    body: JSON.stringify({ sub }),
  });
  const { token } = (await minted.json()) as { token: string };
  say(`signed in  as ${sub}`);

  const learner = learnerAt(api, token);
  const created = await learner.call<PathCreated>('POST', '/v1/study-paths', {});
  expect('a path begins with tasks', created.status === 201 && created.body.tasks.length >= 5, created);
  say(`path       ${created.body.path.id} with ${created.body.tasks.length} tasks`);

  const bank = `http://127.0.0.1:${ports.problemBank}`;
  await practise(learner, bank, 'python');
  await practise(learner, bank, 'javascript');

  const after = await learner.call<NextTask>('GET', '/v1/study-tasks/next');
  expect('another task follows', after.status === 200 && after.body.task.status === 'scheduled', after);
  const current = await learner.call<CurrentPath>('GET', '/v1/study-paths/current');
  const { by_status, accuracy, hints_used } = current.body.progress;
  expect('two tasks are completed', by_status.completed === 2 && hints_used === 2, current.body.progress);
  say(`\nnext       ${after.body.problem?.title ?? after.body.task.problem_id}`);
  say(
    `progress   ${by_status.completed} completed, ${by_status.scheduled} scheduled, ` +
      `accuracy ${accuracy}, ${hints_used} hints`,
  );
}

async function main(): Promise<void> {
  const base = basePort();
  let stack: Stack | null = null;
  if (!(await isRunning(`http://127.0.0.1:${base}`))) {
    say('nothing runs yet, so this starts it:');
    stack = await startStack({ base, onStep: (step) => say(`  ${step}`), onComplaint: say });
    say();
  }
  try {
    await walk(base);
    say('\nall as it should be');
  } finally {
    await stack?.close();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
