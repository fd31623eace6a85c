import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { UPSTREAMS } from '#contract/services.ts';
import {
  inDatabase,
  type Learner,
  newLearner,
  runCron,
  stack,
  withFaults,
  workerLog,
} from '../support/api.ts';
import { CANARY_PROBLEM, readCanaryProblem } from '../support/canary-problem.ts';
import { CANARY_PROGRAMS } from '../support/canary-programs.ts';
import { type Finding, named, type Places, plantEverywhere, search } from '../support/canary-search.ts';
import { databaseDump } from '../support/database-dump.ts';
import { scriptOf, withScripts } from '../support/sse.ts';
import type { Judged } from '../support/submissions.ts';

/** Keys that the Worker sends to services alone, or to no one. */
const KEYS = [
  ...Object.values(UPSTREAMS).map(({ key }) => key),
  'CODE_ENCRYPTION_KEYS',
  'CURSOR_SIGNING_KEY',
].map((name) => stack.vars[name] ?? name);

/** Where a text that somebody forgot to take out would come to lie. */
const OPEN_COLUMNS = [
  'public.idempotency_keys.response_body',
  'public.study_tasks.metadata',
  'public.task_evaluations.code',
  'public.task_evaluations.hidden',
  'public.task_evaluations.output',
  'public.task_events.payload',
];

/** A learner who writes down all that is answered, status and headers too, under the place that it belongs to. */
async function noting() {
  const learner = await newLearner('seeded-canary');
  const { path } = await learner.newPath();
  const taskId = await learner.newTask(path.id, CANARY_PROBLEM);
  const task = `/v1/study-tasks/${taskId}`;
  const places: Places = {};
  function note(place: string, text: string): void {
    places[place] = `${places[place] ?? ''}${text}\n`;
  }
  async function ask<T>(
    place: string,
    route: string,
    options: Parameters<Learner['send']>[1] = {},
  ): Promise<T> {
    const response = await learner.send(route, options);
    const text = await response.text();
    note(place, `${response.status} ${JSON.stringify([...response.headers])} ${text}`);
    if (response.status >= 400 && place !== 'errors') note('errors', text);
    try {
      return JSON.parse(text) as T;
    } catch {
      return text as T;
    }
  }
  return { learner, path, taskId, task, places, note, ask };
}

type Noting = Awaited<ReturnType<typeof noting>>;

/** What the tutor was told, by its own request log. */
async function prompts(): Promise<string> {
  const response = await fetch(`${stack.tutor}/__local/requests`);
  const { data } = (await response.json()) as { data: { path: string; body: string | null }[] };
  return data
    .filter(({ path }) => path === '/v1/hints')
    .map(({ body }) => body)
    .join('\n');
}

/** Reads every view of the learner's work into the places. */
async function readAll({ ask, task, path }: Noting): Promise<void> {
  for (const route of [
    task,
    '/v1/study-tasks/next',
    '/v1/study-tasks?limit=200',
    '/v1/study-paths/current',
  ]) {
    await ask('answers', route);
  }
  await ask('hints read again', `${task}/hints`);
  await ask('events', `${task}/events?limit=200`);
  await ask('progress', `/v1/study-paths/${path.id}/progress`);
  await ask('reviews', '/v1/study-tasks/review-due?within=60d');
  for (const format of ['json', 'csv']) {
    await ask('exports', `/v1/study-tasks/export?format=${format}&attempts=true`);
  }
  await ask('exports', '/v1/me/export');
}

/** What somebody outside can read, beside the answers. */
async function collect({ places }: Noting): Promise<Places> {
  const [log, evaluatorLog, told, dump] = await Promise.all([
    workerLog(),
    readFile(stack.evaluatorLog, 'utf8'),
    prompts(),
    databaseDump(),
  ]);
  return {
    ...places,
    'Worker log': log,
    'evaluator log': evaluatorLog,
    'tutor prompts': told,
    database: dump,
  };
}

function report(title: string, findings: readonly Finding[]): void {
  const lines = findings.map(
    ({ place, bytes, hits }) =>
      `  ${place.padEnd(18)} ${String(bytes).padStart(10)} bytes  ${hits.length} hits`,
  );
  process.stdout.write(`${title}\n${lines.join('\n')}\n`);
}

const hitsOf = (findings: readonly Finding[]) =>
  findings.flatMap(({ place, hits }) => hits.map((hit) => `${place}: ${hit}`));

test('of hidden tests no byte is anywhere; of code, keys and tokens none outside their place; what is planted is found', async () => {
  const { record, hidden, visible } = await readCanaryProblem(stack.canaryFile);
  const mine = await noting();
  const { learner, task, ask } = mine;
  const secret = {
    code: `code-${randomUUID()}`,
    mail: `mail-${randomUUID()}@example.org`,
    question: `why-${randomUUID()}`,
  };

  const programs = CANARY_PROGRAMS.map((program) => {
    const comment = program.language === 'python' ? '#' : '//';
    return { ...program, code: `${comment} ${secret.code} ${secret.mail}\n${program.code}` };
  });
  for (const { language, code, verdict, what } of programs) {
    // Under a key the whole answer is stored, to be given again.
    const headers = { 'idempotency-key': randomUUID() };
    const { evaluation } = await ask<Judged>('answers', `${task}/submit`, {
      body: { language, code },
      headers,
    });
    expect([what, evaluation.verdict]).toEqual([what, verdict]);
    await ask('answers', `${task}/run`, { body: { language, code } });
  }
  await ask('answers', `${task}/evaluate`, { body: {} });
  const [first] = programs;
  const body = { language: first?.language, code: first?.code };
  await withFaults(stack.evaluator, [{ path: '/v1', kind: 'patch', patch: lies(record) }], () =>
    ask<Judged>('answers', `${task}/submit`, { body }),
  );
  await withFaults(stack.evaluator, [{ path: '/v1', kind: 'status', status: 500 }], () =>
    ask('answers', `${task}/submit`, { body }),
  );
  await runCron(new Date(Date.now() + 120_000));
  await withFaults(stack.neon, [{ path: '/sql', kind: 'status', status: 500 }], () =>
    ask('errors', `${task}/submit`, { body }),
  );
  await withFaults(stack.neon, [{ path: '/sql', kind: 'after-commit', times: 1 }], () =>
    ask('answers', task, { method: 'PATCH', body: { metadata: { note: 'hidden' } } }),
  );
  await ask('errors', `${task}/submit`, { body: { language: 'cobol', code: secret.code } });
  await ask('errors', `${task}/submit`, { body: `${secret.code}` });
  for (const level of [1, 2, 3]) {
    await ask('SSE', `${task}/hint`, {
      body: { question: secret.question, code: body.code, language: body.language, level },
    });
  }
  await expect
    .poll(
      async () =>
        (await learner.events(mine.taskId)).filter((e) => e.event_type === 'tutor_interaction').length,
      {
        timeout: 10_000,
      },
    )
    .toBe(3);
  await readAll(mine);

  const places = await collect(mine);
  const findings = search(places, named('hidden', hidden));
  report('hidden tests, by place', findings);
  expect(hitsOf(findings)).toEqual([]);
  expect(Object.keys(places).sort()).toEqual(
    [
      'SSE',
      'Worker log',
      'answers',
      'database',
      'errors',
      'evaluator log',
      'events',
      'exports',
      'hints read again',
      'progress',
      'reviews',
      'tutor prompts',
    ].sort(),
  );

  // What the lying judge said had all of them: they are gone because the mapper listed what it takes.
  const [told] = search({ judge: JSON.stringify(lies(record)) }, named('hidden', hidden));
  expect(told?.hits).toHaveLength(hidden.length);

  // Visible tests are shown: the same search has to see them where they belong.
  const shown = search(places, named('visible', visible)).filter(({ hits }) => hits.length > 0);
  expect(shown.map(({ place }) => place)).toEqual(
    expect.arrayContaining(['answers', 'exports', 'tutor prompts']),
  );
  // At rest they are part of a program's output, which is sealed.
  expect(shown.map(({ place }) => place)).not.toContain('database');

  // Code is its owner's to read and the tutor's when sent along; a question too. At rest both are sealed.
  const owners = ['answers', 'exports', 'hints read again', 'tutor prompts', 'SSE'];
  const others = Object.fromEntries(Object.entries(places).filter(([place]) => !owners.includes(place)));
  expect(hitsOf(search(others, secret))).toEqual([]);
  expect(hitsOf(search(places, { ...named('key', KEYS), token: learner.token }))).toEqual([]);

  await plants(mine, hidden);
});

/** A judge that tells everything it knows, in every field that it has. */
function lies({ visible_tests, hidden_tests }: Awaited<ReturnType<typeof readCanaryProblem>>['record']) {
  const told = JSON.stringify(hidden_tests);
  const error = { type: told.slice(0, 70), message: told.slice(0, 1900), line: 1 };
  return {
    error,
    leaked: hidden_tests,
    evaluation_id: told.slice(0, 99),
    engine: { name: told, version: told, language_version: told },
    tests: [...visible_tests, ...hidden_tests].map(({ args, expected }, index) => ({
      number: index + 1,
      hidden: index >= visible_tests.length,
      verdict: 'AC',
      args: index < visible_tests.length ? hidden_tests[0]?.args : args,
      expected: index < visible_tests.length ? hidden_tests[0]?.expected : expected,
      actual: index < visible_tests.length ? null : expected,
      stdout: index < visible_tests.length ? '' : told,
      stdout_truncated: false,
      error: index < visible_tests.length ? null : error,
      runtime_ms: 1,
    })),
  };
}

/** Leaks on purpose through the product itself: each place has to show the search what was put there. */
async function plants(mine: Noting, hidden: readonly string[]): Promise<void> {
  const [word = ''] = hidden;
  const { task, ask, learner } = mine;
  const heard = `data: ${JSON.stringify({ text: word })}\n\n`;
  await ask('answers', task, { method: 'PATCH', body: { metadata: { leak: word } } });
  await ask('errors', '/v1/study-tasks/none', { headers: { 'x-request-id': word } });
  await withScripts(stack.tutor, [scriptOf([Buffer.from(`event: delta\n${heard}`)])], () =>
    ask('SSE', `${task}/hint`, { body: { question: word } }),
  );
  const judged = await fetch(`${stack.evaluator}/v1/evaluations`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${stack.vars.EVAL_SERVICE_API_KEY}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({
      submission_id: word,
      language: 'javascript',
      entry_point: 'f',
      code: 'function f() { return 1; }',
      comparison: 'exact',
      signature: null,
      tests: [{ number: 1, hidden: true, args: [], expected: 1 }],
    }),
  });
  expect(judged.status).toBe(200);
  await expect
    .poll(async () => (await learner.events(mine.taskId)).at(-1)?.event_type, { timeout: 10_000 })
    .toBe('tutor_interaction');
  await inDatabase(`update progress_counters set name = $1 where path_id = $2 and name = 'canary'`, [
    word,
    mine.path.id,
  ]);
  await inDatabase('update review_queue set topic_tags = array[$1] where user_id = $2', [word, learner.id]);
  await readAll(mine);
  const findings = search(await collect(mine), { planted: word });
  report('planted, by place', findings);
  expect(findings.filter(({ hits }) => hits.length === 0).map(({ place }) => place)).toEqual([]);

  for (const spelled of [word, Buffer.from(word).toString('base64'), Buffer.from(word).toString('hex')]) {
    const columns = await plantEverywhere(`x${spelled}`);
    expect(columns.missed).toEqual([]);
    expect(columns.found).toEqual(expect.arrayContaining(OPEN_COLUMNS));
    if (spelled !== word) continue;
    process.stdout.write(
      `planted in the database: found in ${columns.found.length} columns; ${columns.refused.length} admit no such text, ` +
        `${columns.empty.length} are of empty tables: ${[...columns.refused, ...columns.empty].join(', ')}\n`,
    );
  }
}
