import type { LearnerExport } from '#contract/export.ts';
import type { ListedTask } from '#contract/history.ts';
import type { CurrentPath, StudyPath } from '#contract/paths.ts';
import type { Progress } from '#contract/progress.ts';
import type { DueReview } from '#contract/reviews.ts';
import type { Module } from '#contract/vocabulary.ts';
import type { Random } from '../../simulate/random.ts';
import { beginning, dayOn, daysFrom, eraAt, plusDays } from './days.ts';
import { type Learner, learnerOf, storedOtherwise } from './learner.ts';
import type { Notebook } from './notebook.ts';
import {
  counts,
  figuresOf,
  masteryOf,
  practiceOf,
  problemsOf,
  statsOf,
  withoutActivity,
} from './progress.ts';
import type { Exported, ExportedTask } from './results.ts';
import { dueBy, forecastOf, planOf, retentionOf, upcomingOf, type Wish } from './reviews.ts';

/** How a learner asks: the body of an answer, and its status. */
export type Get = (path: string) => Promise<{ status: number; body: unknown; text: string }>;

export type View = {
  get: Get;
  now: number;
  notebook: Notebook;
  sizes: ReadonlyMap<Module, number>;
  random: Random;
};

/** Where two values differ, by the path of the first few places. Numbers may differ in their last digits. */
export function differences(is: unknown, should: unknown, at: string): string[] {
  if (typeof is === 'number' && typeof should === 'number')
    return Math.abs(is - should) <= 1e-6 ? [] : [`${at}: ${is} instead of ${should}`];
  if (typeof is !== 'object' || typeof should !== 'object' || is === null || should === null)
    return is === should ? [] : [`${at}: ${JSON.stringify(is)} instead of ${JSON.stringify(should)}`];
  const [a, b] = [is as Record<string, unknown>, should as Record<string, unknown>];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key) =>
    differences(a[key], b[key], `${at}.${key}`),
  );
}

/** Everything of a list, page by page. */
async function all<Row>(get: Get, path: string): Promise<Row[]> {
  const rows: Row[] = [];
  const mark = path.includes('?') ? '&' : '?';
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { body, status } = await get(`${path}${cursor === '' ? '' : `${mark}cursor=${cursor}`}`);
    if (status !== 200) throw new Error(`${path} answered ${status}`);
    const page = body as { data: Row[]; next_cursor: string | null };
    rows.push(...page.data);
    cursor = page.next_cursor;
  }
  return rows;
}

/** What the figures of one moment are made of. */
type Ground = View & { document: LearnerExport; learner: Learner; wish: Wish };

const tasksOf = ({ document }: Ground, path: string) =>
  document.tasks.filter(({ path_id }) => path_id === path);

function progressOf(ground: Ground, path: StudyPath): Progress {
  const { document, learner, notebook, now, wish, sizes } = ground;
  const { clock } = wish;
  const today = dayOn(clock, now);
  const tasks = tasksOf(ground, path.id);
  const topics = [...new Set(tasks.filter(counts).flatMap(({ topic_tags }) => topic_tags))];
  return {
    path_id: path.id,
    time_zone: clock.zone,
    day_start_hour: clock.hour,
    totals: figuresOf(tasks, learner),
    modules: [...sizes].map(([module, size]) => {
      const own = tasks.filter((task) => task.module === module);
      const { solved, attempted } = problemsOf(own);
      return {
        module,
        ...figuresOf(own, learner),
        problems_solved: solved,
        problems_attempted: attempted,
        module_size: size,
        completion_rate: Math.min(1, solved / size),
        mastery: masteryOf(learner, module),
      };
    }),
    topics: topics
      .map((topic) => {
        const own = tasks.filter(({ topic_tags }) => topic_tags.includes(topic));
        const figures = figuresOf(own, learner, 3);
        const few = figures.eventual.n < 3;
        return { topic, ...figures, not_enough_data: few, mastery: masteryOf(learner, topic) };
      })
      .toSorted((a, b) => b.tasks - a.tasks || (a.topic < b.topic ? -1 : 1)),
    practice: practiceOf(document, notebook.eras, now),
    upcoming_reviews: upcomingOf(tasks, clock, today),
    reviews: {
      due_now: dueBy(document, today).length,
      forecast: forecastOf(wish),
      retention: retentionOf(document, today),
    },
  };
}

async function ofPaths(ground: Ground): Promise<string[]> {
  const { get, document, notebook, now } = ground;
  const paths = document.paths.toSorted((a, b) => Date.parse(b.created_at) - Date.parse(a.created_at));
  const wrong: string[] = [];
  const listed = await all<StudyPath>(get, '/study-paths');
  wrong.push(...differences(listed, paths, 'study-paths'));
  for (const track of [null, ...new Set(paths.map(({ track_id }) => track_id))]) {
    const newest = paths.find(({ track_id }) => track === null || track_id === track);
    const { status, body } = await get(`/study-paths/current${track === null ? '' : `?track_id=${track}`}`);
    if (newest === undefined) {
      if (status !== 404) wrong.push(`current: ${status} without a path`);
      continue;
    }
    const progress = statsOf(tasksOf(ground, newest.id));
    const practice = withoutActivity(practiceOf(document, notebook.eras, now));
    const should: CurrentPath = { path: newest, progress, practice };
    wrong.push(...differences(body, should, `current ${track ?? ''}`));
  }
  for (const path of paths) {
    const { body } = await get(`/study-paths/${path.id}/progress`);
    wrong.push(...differences(body, progressOf(ground, path), 'progress'));
  }
  return wrong;
}

/** Chance of recall after so many days: the forgetting curve of FSRS-6. */
function recall(elapsed: number, stability: number, w: readonly number[]): number {
  const decay = -(w[20] ?? 0);
  return (1 + (0.9 ** (1 / decay) - 1) * (elapsed / stability)) ** decay;
}

async function ofDueList(ground: Ground): Promise<string[]> {
  const { get, document, now, wish, random } = ground;
  const { clock } = wish;
  const { days, today } = planOf(wish);
  const places = new Map<string, number>();
  for (const [problem, day] of days) {
    const place = [...days].filter(([, other]) => other === day).findIndex(([name]) => name === problem);
    places.set(problem, (day === today ? now : beginning(clock, day)) + place * 60_000);
  }
  const wrong: string[] = [];
  for (const within of [0, random.pick([1, 2, 7, 30, 90])]) {
    const rows = await all<DueReview>(get, `/study-tasks/review-due?within=${within}d&limit=200`);
    const is = rows.map(({ problem_id, due_on, due_at, overdue_days, state, task, planned_at }) => ({
      ...{ problem_id, due_on, due_at, overdue_days, state, planned_at },
      task: task?.id ?? null,
    }));
    const should = dueBy(document, plusDays(today, within)).map(({ problem, due }) => {
      const card = document.review_queue.find(({ problem_id }) => problem_id === problem);
      if (card === undefined) throw new Error('a due card is a card');
      const { stability, difficulty, reps, lapses, day = '' } = card.state;
      const w = document.review_log.at(-1)?.log.params.w ?? [];
      const open = document.tasks.find(
        ({ id, status }) => id === card.task_id && (status === 'scheduled' || status === 'in_progress'),
      );
      const planned = places.get(problem);
      const retrievability = recall(Math.max(0, daysFrom(day, today)), stability, w);
      return {
        problem_id: problem,
        due_on: due,
        due_at: new Date(beginning(clock, due)).toISOString(),
        overdue_days: Math.max(0, daysFrom(due, today)),
        state: { stability, difficulty, reps, lapses, retrievability },
        planned_at: open?.scheduled_at ?? (planned === undefined ? null : new Date(planned).toISOString()),
        task: open?.id ?? null,
      };
    });
    wrong.push(...differences(is, should, `review-due within ${within}d`));
  }
  return wrong;
}

type Filter = { query: string; lets: (task: ExportedTask) => boolean };

const isSolved = ({ score }: ExportedTask) => score === 1;
const isAttempted = ({ score }: ExportedTask) => score !== null && score < 1;

function filterOf({ document, random, now }: Ground): Filter {
  const task = document.tasks.length === 0 ? null : random.pick(document.tasks);
  const day = plusDays(new Date(now).toISOString().slice(0, 10), Math.floor(random.next() * 30) - 20);
  const until = plusDays(day, 1 + Math.floor(random.next() * 9));
  const from = (at: string) => Date.parse(at) >= Date.parse(day);
  const to = (at: string) => Date.parse(at) < Date.parse(until);
  const { module = 'hashing', kind = 'problem', difficulty = 1, status = 'completed' } = task ?? {};
  return random.pick<Filter>([
    { query: '', lets: () => true },
    { query: `module=${module}`, lets: (one) => one.module === module },
    { query: `status=${status}`, lets: (one) => one.status === status },
    { query: 'status=solved', lets: isSolved },
    { query: 'status=attempted', lets: isAttempted },
    { query: 'status=attempted&status=expired', lets: (one) => isAttempted(one) || one.status === 'expired' },
    { query: 'status=skipped', lets: (one) => one.status === 'skipped' },
    { query: `kind=${kind}`, lets: (one) => one.kind === kind },
    {
      query: `difficulty=${difficulty}&kind=problem`,
      lets: (one) => one.difficulty === difficulty && one.kind === 'problem',
    },
    { query: `from=${day}`, lets: ({ scheduled_at }) => from(scheduled_at) },
    { query: `to=${until}&status=solved`, lets: (one) => to(one.scheduled_at) && isSolved(one) },
    { query: `from=${day}&to=${until}`, lets: ({ scheduled_at }) => from(scheduled_at) && to(scheduled_at) },
    {
      query: `module=${module}&status=${status}`,
      lets: (one) => one.module === module && one.status === status,
    },
  ]);
}

/** Records of a CSV text (RFC 4180) without its header. */
function rowsOf(csv: string): number {
  const outside = csv.replace(/"(?:[^"]|"")*"/g, '');
  return outside.split('\r\n').length - 2;
}

async function ofLists(ground: Ground): Promise<string[]> {
  const { get, document } = ground;
  const wrong: string[] = [];
  for (let time = 0; time < 4; time += 1) {
    const { query, lets } = filterOf(ground);
    const should = document.tasks.filter((task) => counts(task) && lets(task));
    const listed = await all<ListedTask>(get, `/study-tasks?limit=200&${query}`);
    const ids = (tasks: readonly { id: string }[]) => tasks.map(({ id }) => id).toSorted();
    wrong.push(...differences(ids(listed), ids(should), `study-tasks?${query}`).slice(0, 1));
    if (time > 1) continue;
    const csv = (await get(`/study-tasks/export?format=csv&${query}`)).text;
    if (rowsOf(csv) !== should.length)
      wrong.push(`csv?${query}: ${rowsOf(csv)} rows instead of ${should.length}`);
    const attempts = should.reduce((sum, task) => sum + Math.max(1, task.attempts), 0);
    const long = (await get(`/study-tasks/export?format=csv&attempts=true&${query}`)).text;
    if (rowsOf(long) !== attempts)
      wrong.push(`csv?attempts=true&${query}: ${rowsOf(long)} rows instead of ${attempts}`);
  }
  return wrong;
}

/** Each stored day against the clock that the learner had at that instant. */
function ofStoredDays({ tasks, evaluations }: Exported, notebook: Notebook): string[] {
  const wrong: string[] = [];
  const day = (at: string) => dayOn(notebook.clockAt(Date.parse(at)), Date.parse(at));
  for (const { day: is, created_at, run } of evaluations)
    if (run === 1 && is !== day(created_at))
      wrong.push(`a submission of ${created_at} is stored on ${is} instead of ${day(created_at)}`);
  for (const { kind, completed_at, completed_day, attempts } of tasks) {
    if (completed_at === null || (kind !== 'lesson' && attempts > 0)) continue;
    if (completed_day !== day(completed_at))
      wrong.push(`a lesson of ${completed_at} is stored on ${completed_day} instead of ${day(completed_at)}`);
  }
  return wrong;
}

export type Seen = { document: LearnerExport; wrong: string[]; plannedToday: string[] };

/** Reads a learner's export, computes every figure from it, and compares what each endpoint shows. */
export async function compareAll(view: View): Promise<Seen> {
  const { get, notebook, now } = view;
  const document = (await get('/me/export')).body as LearnerExport;
  const learner = learnerOf(document, notebook.erased);
  const newest = document.paths.toSorted((a, b) => Date.parse(b.created_at) - Date.parse(a.created_at))[0];
  const clock = eraAt(notebook.eras, now);
  const wish = { document, clock, now, perDay: newest?.config.reviews_per_day ?? 10 };
  const ground = { ...view, document, learner, wish };
  const wrong = [
    ...storedOtherwise(learner, document),
    ...ofStoredDays(document, notebook),
    ...(await ofPaths(ground)),
    ...(await ofDueList(ground)),
    ...(await ofLists(ground)),
  ];
  const { days, today } = planOf(wish);
  const plannedToday = [...days].filter(([, day]) => day === today).map(([problem]) => problem);
  return { document, wrong, plannedToday };
}
