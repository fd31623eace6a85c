import { afterAll, expect, test } from 'vitest';
import { LearnerExport, TaskExport } from '#contract/export.ts';
import type { ListedTask, TaskPage } from '#contract/history.ts';
import type { Task } from '#contract/tasks.ts';
import { inDatabase, type Learner, newLearner, roundTrips, stack, withFaults } from '../support/api.ts';
import { HOSTILE, readCsv } from '../support/csv.ts';
import { download, dropSeeded, seedTasks } from '../support/exports.ts';
import { type Judged, PLATEAU, PLATEAU_CODE } from '../support/submissions.ts';

const down = { path: '/sql', kind: 'status', status: 500 };

afterAll(dropSeeded);

async function listedWithTitles(learner: Learner, query = ''): Promise<ListedTask[]> {
  const tasks: ListedTask[] = [];
  let next: string | null = `/v1/study-tasks?limit=200&order=asc${query}`;
  while (next !== null) {
    const page: { body: TaskPage } = await learner.call<TaskPage>(next);
    tasks.push(...page.body.data);
    const cursor = page.body.next_cursor;
    next =
      cursor === null
        ? null
        : `/v1/study-tasks?limit=200&order=asc${query}&cursor=${encodeURIComponent(cursor)}`;
  }
  return tasks;
}

/** JSON holds no titles: they are the bank's, and of today. */
async function listed(learner: Learner, query = ''): Promise<Task[]> {
  return (await listedWithTitles(learner, query)).map(({ title: _, ...task }) => task);
}

/** A row of the CSV as a task of the list would fill it. */
function csvRowOf(task: ListedTask): Record<string, string> {
  const cell = (value: unknown) => (value === null || value === undefined ? '' : String(value));
  const text = (key: string) => cell(task.metadata[key]);
  const { id, metadata, topic_tags, ...columns } = task;
  return {
    task_id: id,
    ...Object.fromEntries(Object.entries(columns).map(([name, value]) => [name, cell(value)])),
    topic_tags: topic_tags.map((tag) => tag.replace(/[\\;]/g, '\\$&')).join(';'),
    result: task.score === null ? '' : task.score === 1 ? 'solved' : 'attempted',
    compile_errors: '0',
    reason: text('reason'),
    skip_reason: text('skip_reason'),
    notes: text('notes'),
    metadata: JSON.stringify(metadata),
  };
}

test('JSON and CSV hold exactly what the list shows, whatever the texts are', async () => {
  const learner = await newLearner('seeded');
  const { path } = await learner.newPath();
  await seedTasks(path.id, 300, HOSTILE);
  const tasks = await listed(learner);

  const json = await download(learner, 'format=json');
  expect(json.response.status).toBe(200);
  expect(json.response.headers.get('content-type')).toBe('application/json');
  const document = TaskExport.parse(JSON.parse(json.text));
  expect(document.tasks).toEqual(tasks);
  expect(document.count).toBe(tasks.length);
  expect(document.paths.map(({ id }) => id)).toEqual([path.id]);
  const day = document.as_of.slice(0, 10);
  expect(json.response.headers.get('content-disposition')).toBe(
    `attachment; filename="study-tasks-${day}.json"`,
  );

  const csv = await download(learner, 'format=csv&trailer=true');
  expect(csv.response.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
  expect(csv.response.headers.get('content-disposition')).toBe(
    `attachment; filename="study-tasks-${day}.csv"`,
  );
  const rows = readCsv(csv.text);
  expect(rows.pop()).toMatchObject({ task_id: 'row_count', path_id: String(tasks.length), kind: '' });
  expect(rows).toEqual((await listedWithTitles(learner)).map(csvRowOf));
});

test('the filters and the order are those of the list', async () => {
  const learner = await newLearner('seeded');
  const { path } = await learner.newPath();
  await seedTasks(path.id, 120);
  const query =
    'module=hashing&module=heaps&status=completed&difficulty=2&difficulty=3&kind=problem' +
    `&topic=tag%3B1&topic=tag%3B2&path_id=${path.id}&from=2026-01-01&to=2026-01-01T01:40:00Z`;
  const wanted = await listed(learner, `&${query}`);
  expect(wanted.length).toBeGreaterThan(3);
  const { text } = await download(learner, `format=json&order=desc&${query}`);
  const document = TaskExport.parse(JSON.parse(text));
  expect(document.tasks).toEqual(wanted.toReversed());
  expect(document.filters).toMatchObject({ module: ['hashing', 'heaps'], difficulty: [2, 3], order: 'desc' });
});

test.each([
  ['', 'format'],
  ['format=xml', 'format'],
  ['format=csv&format=json', 'format'],
  ['format=csv&module=knitting', 'module'],
  ['format=csv&order=sideways', 'order'],
  ['format=csv&attempts=yes', 'attempts'],
  ['format=csv&include=code', 'include'],
  ['format=json&trailer=true', 'trailer'],
  ['format=csv&from=2026-02-01&to=2026-01-01', 'to'],
])('%j is refused and names %s', async (query, field) => {
  const learner = await newLearner('seeded');
  const answer = await learner.call(`/v1/study-tasks/export?${query}`);
  expect(answer).toMatchObject({ status: 400, body: { code: 'invalid-query' } });
  expect(answer.body.errors?.map(({ path }) => path)).toContain(field);
});

test('a CSV for spreadsheets has a byte order mark, titles, the learner’s local times and no cell too long', async () => {
  const learner = await newLearner('seeded');
  const { path } = await learner.newPath({ time_zone: 'America/New_York' });
  const taskId = await learner.newTask(path.id, PLATEAU);
  const code = `${PLATEAU_CODE.python.AC}\n# ${'=✓'.repeat(15_000)}`;
  const sent = await learner.post<Judged>(`/v1/study-tasks/${taskId}/submit`, { language: 'python', code });
  expect(sent.status).toBe(200);
  const query = 'format=csv&attempts=true&include=code';
  const response = await learner.send(`/v1/study-tasks/export?${query}&bom=true&dates=local`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  expect([...bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  const rows = readCsv(new TextDecoder().decode(bytes));
  const row = rows.find(({ task_id }) => task_id === taskId);
  const task = (await listedWithTitles(learner)).find(({ id }) => id === taskId);
  const local = (at: string | null | undefined) =>
    new Intl.DateTimeFormat('sv-SE', {
      timeZone: 'America/New_York',
      dateStyle: 'short',
      timeStyle: 'medium',
    }).format(new Date(at ?? ''));
  expect(row).toMatchObject({
    title: task?.title ?? 'no title',
    scheduled_at: local(task?.scheduled_at),
    completed_at: local(task?.completed_at),
    created_at: local(task?.created_at),
  });
  expect(row?.attempt_created_at).toMatch(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/);
  expect(Math.max(...Object.values(row ?? {}).map((cell) => cell.length))).toBeLessThanOrEqual(32_767);
  expect(`${row?.code}${row?.code_2}${row?.code_3}`).toBe(code);

  const plain = await download(learner, query);
  expect(plain.text.startsWith('task_id,path_id,kind,problem_id,title,')).toBe(true);
  expect(readCsv(plain.text).find(({ task_id }) => task_id === taskId)).toMatchObject({
    created_at: task?.created_at,
  });
  for (const [wrong, field] of [
    ['format=json&bom=true', 'bom'],
    ['format=json&dates=local', 'dates'],
    ['format=csv&dates=mine', 'dates'],
    ['format=csv&bom=yes', 'bom'],
  ] as const) {
    const refused = await learner.call(`/v1/study-tasks/export?${wrong}`);
    expect([wrong, refused.status, refused.body.errors?.map(({ path: at }) => at)]).toEqual([
      wrong,
      400,
      [field],
    ]);
  }
});

test('attempts have their own rows, and code comes back in the clear to its owner alone', async () => {
  const learner = await newLearner('seeded');
  const stranger = await newLearner('seeded');
  const { path, tasks } = await learner.newPath();
  const taskId = await learner.newTask(path.id, PLATEAU);
  const codes = [PLATEAU_CODE.python.WA, `# "=SUM(1)" ✓\n${PLATEAU_CODE.python.AC}`];
  for (const code of codes) {
    const { status } = await learner.post<Judged>(`/v1/study-tasks/${taskId}/submit`, {
      language: 'python',
      code,
    });
    expect(status).toBe(200);
  }

  const json = await download(learner, 'format=json&attempts=true&include=code');
  const document = TaskExport.parse(JSON.parse(json.text));
  const task = document.tasks.find(({ id }) => id === taskId);
  expect(
    task?.submissions?.map(({ attempt, verdict, score, code }) => [attempt, verdict, score, code]),
  ).toEqual([
    [1, 'WA', task?.submissions?.[0]?.score, codes[0]],
    [2, 'AC', 1, codes[1]],
  ]);
  expect(document.tasks.filter(({ id }) => id !== taskId).every((t) => t.submissions?.length === 0)).toBe(
    true,
  );

  const csv = await download(learner, 'format=csv&attempts=true&include=code');
  const rows = readCsv(csv.text);
  expect(rows).toHaveLength(tasks.length + 2);
  const own = rows.filter((row) => row.task_id === taskId);
  expect(own.map((row) => [row.attempt, row.verdict, row.language, row.code])).toEqual([
    ['1', 'WA', 'python', codes[0]],
    ['2', 'AC', 'python', codes[1]],
  ]);
  expect(own.every((row) => Number(row.runtime_ms) >= 0 && Number(row.memory_mb) > 0)).toBe(true);
  expect(rows.filter((row) => row.attempt === '')).toHaveLength(tasks.length);

  const without = await download(learner, 'format=json&attempts=true');
  expect(without.text).not.toContain('longest_plateau(heights)');
  const foreign = await download(stranger, 'format=json&attempts=true&include=code');
  expect(TaskExport.parse(JSON.parse(foreign.text))).toMatchObject({ tasks: [], paths: [], count: 0 });
});

test('a code that no longer opens is null and does not keep the rest back', async () => {
  const learner = await newLearner('seeded');
  const { path } = await learner.newPath();
  const taskId = await learner.newTask(path.id, PLATEAU);
  for (const code of [PLATEAU_CODE.python.WA, PLATEAU_CODE.python.AC])
    await learner.post(`/v1/study-tasks/${taskId}/submit`, { language: 'python', code });
  await inDatabase(
    `update task_evaluations set code = 'v1.gone.AAAA.AAAA' where task_id = $1 and attempt = 1`,
    [taskId],
  );
  const { text } = await download(learner, 'format=json&attempts=true&include=code');
  const { tasks } = TaskExport.parse(JSON.parse(text));
  const codes = tasks.flatMap(({ submissions = [] }) => submissions.map(({ code }) => code));
  expect(codes).toEqual([null, PLATEAU_CODE.python.AC]);
});

test('20,000 tasks: each once and in order, although others come and change meanwhile', async () => {
  const learner = await newLearner('seeded');
  const { path } = await learner.newPath();
  await seedTasks(path.id, 20_000, HOSTILE);
  const before = await inDatabase<{ id: string }>(
    'select id from study_tasks where path_id = $1 order by scheduled_at, id',
    [path.id],
  );
  const response = await learner.send('/v1/study-tasks/export?format=json', {
    headers: { 'accept-encoding': 'identity' },
  });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = (await reader?.read())?.value ?? '';
  await inDatabase(
    `with more as (insert into study_tasks (path_id, problem_id, module, difficulty, scheduled_at, expires_at, created_at)
       select path_id, 'late', module, difficulty, scheduled_at + interval '30 seconds', expires_at, now() + interval '1 minute'
       from study_tasks where path_id = $1 limit 3000)
     update study_tasks set metadata = metadata || '{"changed": true}', version = version + 1 where path_id = $1`,
    [path.id],
  );
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true };
    if (done) break;
    text += value;
  }
  const { tasks } = TaskExport.parse(JSON.parse(text));
  expect(tasks.map(({ id }) => id)).toEqual(before.map(({ id }) => id));
});

test('rows of 16 KB come whole: a page ends by its bytes', async () => {
  const learner = await newLearner('seeded');
  const { path } = await learner.newPath();
  await seedTasks(path.id, 1500, ['x'.repeat(8000)]);
  for (const order of ['asc', 'desc']) {
    const { text } = await download(learner, `format=json&status=completed&order=${order}`);
    const { tasks } = TaskExport.parse(JSON.parse(text));
    expect(new Set(tasks.map(({ id }) => id)).size).toBe(750);
    expect(tasks).toHaveLength(750);
  }
});

test('everything about a learner: thousands of judgings and events, each once and in order', async () => {
  const learner = await newLearner('seeded');
  const { path } = await learner.newPath();
  await seedTasks(path.id, 2500);
  await inDatabase(
    `update study_tasks set version = case when problem_id = 'problem-9' then 4500 else 2 end
     where path_id = $1 and problem_id like 'problem-%'`,
    [path.id],
  );
  await inDatabase(
    `with busy as (select id from study_tasks where path_id = $1 and problem_id = 'problem-7'),
     judged as (
       insert into task_evaluations (id, task_id, submission_id, attempt, language, code, status, verdict,
         next_redrive_at, created_at)
       select gen_random_uuid(), id, gen_random_uuid(), n, 'python', 'v1.gone.AAAA.AAAA', 'failed', 'IE', now(), now()
       from busy, generate_series(1, 4500) n)
     insert into task_events (task_id, seq, event_type, payload, actor, occurred_at)
     select t.id, n, 'metadata_changed', '{"metadata": {}}', '{"type": "learner"}', now()
     from study_tasks t, lateral generate_series(1, case when t.problem_id = 'problem-9' then 4500 else 2 end) n
     where t.path_id = $1 and t.problem_id like 'problem-%' order by t.id, n`,
    [path.id],
  );
  const document = LearnerExport.parse((await learner.call('/v1/me/export')).body);
  expect(document.counts).toMatchObject({ tasks: 2508, evaluations: 4500 });
  expect(document.evaluations.map(({ attempt }) => attempt)).toEqual(
    Array.from({ length: 4500 }, (_, n) => n + 1),
  );
  const rows = await inDatabase<{ id: string }>(
    `select e.id from task_events e join study_tasks t on t.id = e.task_id where t.path_id = $1
     order by t.scheduled_at, t.id, e.seq`,
    [path.id],
  );
  expect(document.events.map(({ id }) => id)).toEqual(rows.map(({ id }) => id));
});

test('a database that is away before the first byte is a 503', async () => {
  const learner = await newLearner('seeded');
  await learner.newPath();
  for (const route of ['/v1/study-tasks/export?format=csv', '/v1/me/export']) {
    const answer = await withFaults(stack.neon, [{ ...down, match: 'study_paths p' }], () =>
      learner.call(route),
    );
    expect(answer).toMatchObject({ status: 503, body: { code: 'storage-unavailable' } });
  }
});

test.each(['json', 'csv'])(
  'a database that goes away in the middle of %s breaks the connection',
  async (format) => {
    const learner = await newLearner('seeded');
    const { path } = await learner.newPath();
    await seedTasks(path.id, 30_000, ['x'.repeat(400)]);
    const response = await learner.send(`/v1/study-tasks/export?format=${format}`, {
      headers: { 'accept-encoding': 'identity' },
    });
    expect(response.status).toBe(200);
    const reader = response.body?.getReader();
    const decoder = new TextDecoder();
    let text = decoder.decode((await reader?.read())?.value, { stream: true });
    const reading = async () => {
      for (;;) {
        const { done, value } = (await reader?.read()) ?? { done: true };
        if (done) return 'ended well';
        text += decoder.decode(value, { stream: true });
      }
    };
    await withFaults(stack.neon, [down], () => expect(reading()).rejects.toThrow());
    expect(text.length).toBeGreaterThan(100_000);
    expect(() => JSON.parse(text)).toThrow();
  },
);

test('a client that leaves stops the queries', async () => {
  const learner = await newLearner('seeded');
  const { path } = await learner.newPath();
  await seedTasks(path.id, 40_000, ['x'.repeat(400)]);
  const response = await learner.send('/v1/study-tasks/export?format=csv');
  const id = response.headers.get('x-request-id') ?? '';
  const reader = response.body?.getReader();
  await reader?.read();
  await reader?.cancel();
  let seen = -1;
  await expect
    .poll(
      async () => {
        const [last, now] = [seen, await roundTrips(id)];
        seen = now;
        return now === last;
      },
      { interval: 300 },
    )
    .toBe(true);
  expect(seen).toBeLessThan(18);
});
