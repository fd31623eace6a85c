import { expect, test } from 'vitest';
import type { TaskExport } from '#contract/export.ts';
import { TaskPage } from '#contract/history.ts';
import type { ProblemSummary } from '#contract/problem-bank.ts';
import type { ProblemDetails } from '#contract/problem-details.ts';
import { dropTasks, learnerAt, newLearner, roundTrips, stack, withFaults } from '../support/api.ts';
import { startClockedWorker } from '../support/clocked-worker.ts';
import { readCsv } from '../support/csv.ts';
import { download, seedTasks } from '../support/exports.ts';

async function catalogue(): Promise<ProblemSummary[]> {
  const answer = await fetch(`${stack.bank}/v1/problems?limit=500`);
  return ((await answer.json()) as { data: ProblemSummary[] }).data;
}

const problems = (await catalogue()).slice(0, 30);

/** A learner whose tasks are one for each of those problems, and three of problems that the bank does not know. */
async function withTasks() {
  const learner = await newLearner('seeded');
  const { path } = await learner.newPath();
  await dropTasks([path.id]);
  const at = new Date().toISOString();
  const tasks = problems.map(({ problem_id }) => ({ problem_id, scheduled_at: at }));
  const created = await learner.post('/v1/study-tasks/batch', { path_id: path.id, tasks });
  expect(created.status).toBe(201);
  await seedTasks(path.id, 3, ['plain']);
  return learner;
}

const learner = await withTasks();
type Asked = Pick<typeof learner, 'call'>;

async function list(query: string, who: Asked = learner) {
  const answer = await who.call<TaskPage>(`/v1/study-tasks?limit=200&${query}`);
  expect(answer.status).toBe(200);
  return { ...answer, tasks: TaskPage.parse(answer.body).data };
}

const idsOf = (tasks: readonly { problem_id: string }[]) => tasks.map(({ problem_id }) => problem_id).sort();

/** Problems with every word in title or id, said in another way than the Worker does. */
function meant(...words: string[]): string[] {
  const texts = problems.map(({ problem_id, title }) =>
    [problem_id, title].map((text) => text.toLowerCase()),
  );
  const found = texts.filter((pair) => words.every((word) => pair.some((text) => text.includes(word))));
  return found.map(([id = '']) => id).sort();
}

/** A word of some title that is in no id, so that only the catalogue can know it. */
function wordOfTitles(): string {
  const words = problems.flatMap(({ title }) => title.toLowerCase().match(/[a-z]{4,}/g) ?? []);
  const word = words.find((candidate) => !problems.some(({ problem_id }) => problem_id.includes(candidate)));
  if (word === undefined) throw new Error('no title says more than its id');
  return word;
}

test('each task has the title of its problem, null where the bank knows none, in one round trip', async () => {
  const titles = new Map(problems.map(({ problem_id, title }) => [problem_id, title]));
  // The first list of an isolate may not wait until the whole catalogue is there.
  await expect.poll(async () => (await list('')).tasks.some(({ title }) => title !== null)).toBe(true);
  const { tasks, requestId, headers } = await list('');
  expect(tasks).toHaveLength(33);
  for (const { problem_id, title } of tasks) expect(title).toBe(titles.get(problem_id) ?? null);
  expect(await roundTrips(requestId)).toBe(1);
  const again = await learner.send('/v1/study-tasks?limit=200&', {
    headers: { 'if-none-match': headers.get('etag') ?? '' },
  });
  expect(again.status).toBe(304);
});

test('a search finds words of titles and ids in any order and case, with the other filters and page by page', async () => {
  const word = wordOfTitles();
  const [some = ''] = meant(word);
  const [part = ''] = some.split('-');
  for (const [q, ids] of [
    [word, meant(word)],
    [word.toUpperCase(), meant(word)],
    [`${part} ${word}`, meant(part, word)],
    [some, [some]],
    ['PROBLEM-1', ['problem-1']],
    ['problem %', []],
    ['no-such-problem', []],
  ] as const) {
    const { tasks, requestId } = await list(`q=${encodeURIComponent(q)}`);
    expect([q, idsOf(tasks)]).toEqual([q, ids]);
    expect(await roundTrips(requestId)).toBe(1);
  }
  const easy = problems.filter(({ difficulty }) => difficulty === 1).map(({ problem_id }) => problem_id);
  const both = await list('q=a&difficulty=1');
  expect(idsOf(both.tasks).filter((id) => !id.startsWith('problem-'))).toEqual(
    meant('a').filter((id) => easy.includes(id)),
  );

  const seen: string[] = [];
  for (let place = ''; ; ) {
    const { body } = await learner.call<TaskPage>(`/v1/study-tasks?q=a&limit=4${place}`);
    seen.push(...body.data.map(({ problem_id }) => problem_id));
    if (body.next_cursor === null) break;
    place = `&cursor=${body.next_cursor}`;
  }
  expect(seen.filter((id) => !id.startsWith('problem-')).sort()).toEqual(meant('a'));
});

test('a cursor belongs to its search, and a bad search is refused by name', async () => {
  const { body } = await learner.call<TaskPage>('/v1/study-tasks?q=a&limit=2');
  for (const query of ['q=b', 'q=A', 'limit=2']) {
    const other = await learner.call(`/v1/study-tasks?${query}&cursor=${body.next_cursor}`);
    expect([other.status, other.body.code]).toEqual([400, 'invalid-cursor']);
  }
  for (const query of ['q=', 'q=%20', 'q=a&q=b', `q=${'x'.repeat(101)}`]) {
    const bad = await learner.call<ProblemDetails>(`/v1/study-tasks?${query}`);
    expect([query, bad.status, bad.body.errors?.[0]?.path]).toEqual([query, 400, 'q']);
  }
});

test('list, JSON and CSV hold what the search means, however it is written', async () => {
  const word = wordOfTitles();
  const [some = ''] = meant(word);
  const wide = [...word].map((letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0)).join('');
  const dashed = some.replaceAll('-', '\u2013');
  const filed = [word, dashed];
  for (const [q, ids] of [
    [word, meant(word)],
    [wide, meant(word)],
    [`${word[0]}\u0301${word.slice(1)}`, meant(word)],
    [dashed, [some]],
    [some.toUpperCase().replaceAll('-', '\u2212').replaceAll('I', '\u0130'), [some]],
    ['pro\u00ADblem\u20101', ['problem-1']],
  ] as const) {
    const query = `q=${encodeURIComponent(q)}`;
    const listed = idsOf((await list(query)).tasks);
    expect([q, listed]).toEqual([q, ids]);
    // A learner may ask for few files in a minute.
    if (!filed.includes(q)) continue;
    const json = JSON.parse((await download(learner, `format=json&${query}`)).text) as TaskExport;
    const csv = readCsv((await download(learner, `format=csv&${query}`)).text);
    const rows = csv.map(({ problem_id = '' }) => ({ problem_id }));
    expect([q, idsOf(json.tasks), idsOf(rows)]).toEqual([q, ids, ids]);
  }
});

test('with a bank out of reach tasks are listed without titles and found by their ids', async () => {
  const word = wordOfTitles();
  const [some = ''] = meant(word);
  const worker = await startClockedWorker();
  const there = learnerAt(learner, worker.url);
  try {
    await withFaults(stack.bank, [{ kind: 'status', status: 503 }], async () => {
      const all = await list('', there);
      expect(all.tasks).toHaveLength(33);
      expect(new Set(all.tasks.map(({ title }) => title))).toEqual(new Set([null]));
      expect(idsOf((await list(`q=${some}`, there)).tasks)).toEqual([some]);
      expect((await list(`q=${word}`, there)).tasks).toEqual([]);
    });
    await expect
      .poll(async () => idsOf((await list(`q=${word}`, there)).tasks), { timeout: 30_000, interval: 500 })
      .toEqual(meant(word));
  } finally {
    await worker.close();
  }
});
