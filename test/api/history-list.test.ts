import { expect, test } from 'vitest';
import { type PathPage, TaskPage } from '#contract/history.ts';
import type { ProblemDetails } from '#contract/problem-details.ts';
import { listing } from '#worker/history/store.ts';
import { type Answer, dropTasks, inDatabase, type Learner, newLearner, roundTrips } from '../support/api.ts';
import { newestFirst, type SeededTask, seedTasks } from '../support/history.ts';

/** Two paths with 5,000 seeded tasks each, beside the eight that a path begins with. */
async function learnerWithHistory(count = 5000) {
  const learner = await newLearner('seeded');
  const { path: old } = await learner.newPath();
  const { path } = await learner.newPath();
  // The eight come out of the way: the tests below speak of the seeded ones.
  await dropTasks([old.id, path.id]);
  const tasks = [...(await seedTasks(old.id, count)), ...(await seedTasks(path.id, count))];
  return { learner, old, path, tasks: tasks.toSorted(newestFirst) };
}

/** Follows `next_cursor` to the end. */
async function* pages(learner: Learner, query: string) {
  let place = '';
  for (;;) {
    const answer: Answer<TaskPage> = await learner.call<TaskPage>(`/v1/study-tasks?${query}${place}`);
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
    yield answer.body.data;
    if (answer.body.next_cursor === null) return;
    place = `&cursor=${answer.body.next_cursor}`;
  }
}

async function idsOf(learner: Learner, query: string): Promise<string[]> {
  const ids: string[] = [];
  for await (const page of pages(learner, query)) ids.push(...page.map((task) => task.id));
  return ids;
}

const { learner, old, path, tasks } = await learnerWithHistory();
const ids = (which: SeededTask[]) => which.map((task) => task.id);

test('newest first over all paths, 50 to a page, with a cursor and a link to the next page', async () => {
  const first = await learner.call<TaskPage>('/v1/study-tasks?module=hashing&module=heaps&limit=20');
  expect(first.status).toBe(200);
  expect(TaskPage.parse(first.body)).toEqual(first.body);
  const wanted = tasks.filter((task) => ['hashing', 'heaps'].includes(task.module));
  expect(first.body.data.map((task) => task.id)).toEqual(ids(wanted.slice(0, 20)));
  expect(await roundTrips(first.requestId)).toBe(1);

  const [, target = ''] = /^<([^>]+)>; rel="next"$/.exec(first.headers.get('link') ?? '') ?? [];
  const link = new URL(target, 'http://relative');
  expect(link.searchParams.getAll('module')).toEqual(['hashing', 'heaps']);
  expect(link.searchParams.get('cursor')).toBe(first.body.next_cursor);
  const second = await learner.call<TaskPage>(target);
  expect(second.body.data.map((task) => task.id)).toEqual(ids(wanted.slice(20, 40)));

  const standard = await learner.call<TaskPage>('/v1/study-tasks');
  expect(standard.body.data).toHaveLength(50);
});

test('the last page has neither cursor nor link, also when it is full', async () => {
  const some = await newLearner();
  const created = await some.newPath();
  const answer = await some.call<TaskPage>('/v1/study-tasks?limit=8');
  expect(answer.body.data).toHaveLength(created.tasks.length);
  expect(answer.body.next_cursor).toBeNull();
  expect(answer.headers.get('link')).toBeNull();
});

test.each(['desc', 'asc'])(
  'pages through 5,000 tasks while others come and change: each old task once, in order (%s)',
  async (order) => {
    const all = tasks.filter((task) => task.path_id === path.id);
    const expected = order === 'desc' ? all : all.toReversed();
    const known = new Set(ids(all));
    const seen: string[] = [];
    for await (const page of pages(learner, `limit=200&order=${order}&path_id=${path.id}`)) {
      seen.push(...page.map((task) => task.id).filter((id) => known.has(id)));
      // New ones in front of the place and behind it, at instants that old tasks have too; old ones change.
      await inDatabase(
        `with added as (
           insert into study_tasks (path_id, problem_id, module, difficulty, scheduled_at, expires_at, created_at)
           select path_id, 'added', module, 1, scheduled_at, expires_at, '2025-01-01'
           from study_tasks where path_id = $1 and created_at > '2026-01-01' order by random() limit 40
         ) update study_tasks set version = version + 1, metadata = '{"touched":true}', hints_used = hints_used + 1
           where id in (select id from study_tasks where path_id = $1 order by random() limit 200)`,
        [path.id],
      );
    }
    expect(seen).toEqual(ids(expected));
    await inDatabase(`delete from study_tasks where path_id = $1 and problem_id = 'added'`, [path.id]);
  },
);

const ODD = 'it\'s "odd" {\n1}';
const FILTERS: [query: string, holds: (task: SeededTask) => boolean][] = [
  ['module=heaps', (task) => task.module === 'heaps'],
  ['status=skipped', (task) => task.status === 'skipped'],
  ['module=heaps&status=completed', (task) => task.module === 'heaps' && task.status === 'completed'],
  [
    'status=completed&status=expired&module=greedy&module=design',
    (task) => ['completed', 'expired'].includes(task.status) && ['greedy', 'design'].includes(task.module),
  ],
  ['difficulty=5&difficulty=1&module=heaps', (task) => task.module === 'heaps' && task.difficulty % 4 === 1],
  ['kind=review', (task) => task.kind === 'review'],
  ['kind=review&kind=lesson&status=expired', (task) => task.kind !== 'problem' && task.status === 'expired'],
  ['topic=topic-3', (task) => task.topic_tags.includes('topic-3')],
  [
    `topic=topic-3&topic=${encodeURIComponent(ODD)}&module=design`,
    (task) => task.module === 'design' && task.topic_tags.some((tag) => tag === 'topic-3' || tag === ODD),
  ],
  [`module=hashing&path_id=${old.id}`, (task) => task.module === 'hashing' && task.path_id === old.id],
  ['track_id=coding-interview-meta&module=hashing', (task) => task.module === 'hashing'],
  ['track_id=another', () => false],
  ['from=2026-03-29', (task) => task.scheduled_at >= '2026-03-29'],
  ['to=2026-03-02T03:00:00%2B02:00', (task) => task.scheduled_at < '2026-03-02T01:00:00.000Z'],
  [
    'from=2026-03-10T05:00:00Z&to=2026-03-10T07:00:00Z',
    (task) => /^2026-03-10T0[56]:00/.test(task.scheduled_at),
  ],
  ['topic=nobody-has-it', () => false],
];

test.each(FILTERS)('%s means the tasks it says, both ways', async (query, holds) => {
  const wanted = ids(tasks.filter(holds));
  expect(await idsOf(learner, `${query}&limit=200`)).toEqual(wanted);
  expect(await idsOf(learner, `${query}&limit=200&order=asc`)).toEqual(wanted.toReversed());
});

test('every walk reads an index in its order and stops at the limit', async () => {
  await inDatabase('analyze study_tasks');
  const wishes: Parameters<typeof listing>[1][] = [
    { order: 'desc' },
    { order: 'asc' },
    { order: 'desc', module: ['heaps'], status: ['completed'] },
    { order: 'desc', module: ['heaps', 'greedy'] },
    { order: 'asc', status: ['in_progress'] },
    { order: 'desc', from: '2026-03-05T00:00:00.000Z', to: '2026-03-25T00:00:00.000Z' },
  ];
  for (const wish of wishes) {
    const [statement, params] = listing(learner.id, wish, { after: null, limit: 51 });
    const [row] = await inDatabase<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
      `explain (analyze, buffers, format json) ${statement.text}`,
      statement.bind(params),
    );
    const nodes = row === undefined ? [] : flat(row['QUERY PLAN'][0].Plan);
    const walks = nodes.filter((node) => node['Relation Name'] === 'study_tasks');
    expect(walks.length).toBeGreaterThan(0);
    for (const walk of walks) {
      expect(walk['Node Type']).toMatch(/^Index (Only )?Scan$/);
      expect(walk['Actual Rows']).toBeLessThanOrEqual(51);
      expect(walk['Rows Removed by Filter'] ?? 0).toBe(0);
    }
  }
});

type PlanNode = {
  'Node Type': string;
  'Relation Name'?: string;
  'Actual Rows': number;
  'Rows Removed by Filter'?: number;
  Plans?: PlanNode[];
};

function flat(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(flat)];
}

test.each([
  ['module=', 'module'],
  ['module=hashing&module=nonsense', 'module'],
  ['status=done', 'status'],
  ['difficulty=6', 'difficulty'],
  ['difficulty=1e0', 'difficulty'],
  ['kind=quiz', 'kind'],
  ['topic=', 'topic'],
  [`topic=${'x'.repeat(61)}`, 'topic'],
  ['path_id=1', 'path_id'],
  ['track_id=A', 'track_id'],
  ['from=2026-02-30', 'from'],
  ['from=2026-01-01T00:00:00+02:00', 'from'],
  ['from=2026-03-02&to=2026-03-01', 'to'],
  ['to=2026-01-01&to=2026-01-02', 'to'],
  ['limit=0', 'limit'],
  ['limit=201', 'limit'],
  ['limit=1e2', 'limit'],
  ['limit=0x10', 'limit'],
  ['limit=10&limit=10', 'limit'],
  ['order=sideways', 'order'],
  ['cursor=', 'cursor'],
])('%s is refused, and the field is named', async (query, field) => {
  const answer = await learner.call(`/v1/study-tasks?${query}`);
  expect(answer).toMatchObject({ status: 400, body: { code: 'invalid-query', errors: [{ path: field }] } });
});

test('a URL with NUL or broken encoding does not get that far', async () => {
  for (const query of ['topic=a%00b', 'topic=%ff', 'topic=%']) {
    expect(await learner.call(`/v1/study-tasks?${query}`)).toMatchObject({
      status: 400,
      body: { code: 'malformed-url' },
    });
  }
});

test('a tampered, foreign, truncated or old cursor, or one of another list', async () => {
  const list = '/v1/study-tasks?limit=10';
  const { body } = await learner.call<TaskPage>(`${list}&module=hashing`);
  const cursor = body.next_cursor ?? '';
  const refused = async (route: string, who = learner) => {
    const answer = await who.call<ProblemDetails>(route);
    expect(answer).toMatchObject({
      status: 400,
      body: { code: 'invalid-cursor', errors: [{ path: 'cursor' }] },
    });
  };
  const own = `${list}&module=hashing&cursor=`;
  expect((await learner.call(own + cursor)).status).toBe(200);
  // The same list asked for in other words, with another size of page.
  const same = `/v1/study-tasks?cursor=${cursor}&module=hashing&module=hashing&order=desc&limit=3`;
  expect((await learner.call(same)).status).toBe(200);

  const changed = cursor.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
  for (const bad of [changed, cursor.slice(0, -4), `${cursor}AAAA`, 'x', '%20', 'a'.repeat(5000)]) {
    await refused(own + bad);
  }
  const old = Buffer.from(cursor, 'base64url');
  old[0] = 0;
  await refused(own + old.toString('base64url'));
  await refused(`${list}&cursor=${cursor}`);
  await refused(`${list}&module=heaps&cursor=${cursor}`);
  await refused(`${own}${cursor}&order=asc`);
  await refused(`/v1/study-paths?cursor=${cursor}`);
  const task = tasks[0]?.id ?? '';
  await refused(`/v1/study-tasks/${task}/events?cursor=${cursor}`);
  await refused(`/v1/study-tasks/${task}/events?cursor=3`);
  const other = await newLearner();
  await refused(own + cursor, other);
});

test('another learner sees nothing of it, under the path id either', async () => {
  const other = await newLearner();
  for (const query of ['', `?path_id=${path.id}`, '?module=hashing']) {
    const answer = await other.call<TaskPage>(`/v1/study-tasks${query}`);
    expect(answer.body).toEqual({ data: [], next_cursor: null });
  }
  expect((await other.call<PathPage>('/v1/study-paths')).body).toEqual({ data: [], next_cursor: null });
});

test('all paths, newest first, in pages', async () => {
  const some = await newLearner('seeded');
  const made: string[] = [];
  for (let n = 0; n < 5; n += 1) made.unshift((await some.newPath()).path.id);
  // Two of one instant: the id decides.
  await inDatabase(
    `update study_paths set created_at = (select created_at from study_paths where id = $1) where id = $2`,
    [made[1], made[2]],
  );
  const twins = [made[1] ?? '', made[2] ?? ''].toSorted().reverse();
  const seen: string[] = [];
  for (let route: string | null = '/v1/study-paths?limit=2'; route !== null; ) {
    const answer: Answer<PathPage> = await some.call<PathPage>(route);
    expect(answer.status).toBe(200);
    seen.push(...answer.body.data.map((one) => one.id));
    route = /^<([^>]+)>/.exec(answer.headers.get('link') ?? '')?.[1] ?? null;
  }
  expect(seen).toEqual([made[0], ...twins, made[3], made[4]]);
  expect(await some.call('/v1/study-paths?limit=0')).toMatchObject({
    status: 400,
    body: { code: 'invalid-query', errors: [{ path: 'limit' }] },
  });
});
