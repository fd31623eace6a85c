import type { ReviewState } from '#contract/learning.ts';
import type { Task } from '#contract/tasks.ts';
import { addDays, dueDayOf } from '../calendar.ts';
import type { ReviewRecord } from '../reviews/figures.ts';
import type { PractisedDay, ReadyReviews } from './figures.ts';

/** Sums over tasks for one module or topic, as `domain.ts` takes them. */
type Sums = Record<
  | 'tasks'
  | Task['status']
  | 'judged'
  | 'first_results'
  | 'solved_first'
  | 'solved'
  | 'score_sum'
  | 'hints_used'
  | 'time_spent_seconds'
  | 'problems_tried'
  | 'problems_solved',
  number
>;
type Named = Sums & { name: string };

const QUARTER = 900_000;
const DAY = 86_400_000;

const nothing = (name: string): Named => ({
  name,
  tasks: 0,
  scheduled: 0,
  in_progress: 0,
  completed: 0,
  skipped: 0,
  expired: 0,
  judged: 0,
  first_results: 0,
  solved_first: 0,
  solved: 0,
  score_sum: 0,
  hints_used: 0,
  time_spent_seconds: 0,
  problems_tried: 0,
  problems_solved: 0,
});

function add(sums: Named, task: Task): void {
  const score = task.kind === 'lesson' ? null : task.score;
  sums.tasks += 1;
  sums[task.status] += 1;
  sums.judged += score === null ? 0 : 1;
  const isFirst = score !== null && task.metadata.repeat === undefined;
  sums.first_results += isFirst ? 1 : 0;
  sums.solved_first += isFirst && task.metadata.first_score === 1 ? 1 : 0;
  sums.solved += score === 1 ? 1 : 0;
  sums.score_sum += score ?? 0;
  sums.hints_used += task.hints_used;
  sums.time_spent_seconds += task.time_spent_seconds ?? 0;
}

/** The sums that the database's triggers store (`add_progress`), made of tasks as they were: by module and by topic. */
export function sumsOf(tasks: readonly Task[]): { modules: Named[]; topics: Named[] } {
  const modules = new Map<string, Named>();
  const topics = new Map<string, Named>();
  const tried = new Set<string>();
  const solved = new Set<string>();
  const into = (names: Map<string, Named>, name: string, task: Task) => {
    const sums = names.get(name) ?? nothing(name);
    names.set(name, sums);
    add(sums, task);
    return sums;
  };
  for (const task of tasks) {
    // A task that a change of the config replaced counts nowhere.
    if (task.status === 'skipped' && task.metadata.replanned !== undefined) continue;
    const sums = into(modules, task.module, task);
    for (const topic of new Set(task.topic_tags)) into(topics, topic, task);
    if (task.kind === 'lesson' || task.score === null) continue;
    const problem = `${task.module} ${task.problem_id}`;
    if (!tried.has(problem)) sums.problems_tried += 1;
    tried.add(problem);
    if (task.score < 1) continue;
    if (!solved.has(problem)) sums.problems_solved += 1;
    solved.add(problem);
  }
  const byTasks = (a: Named, b: Named) => b.tasks - a.tasks || (a.name < b.name ? -1 : 1);
  return { modules: [...modules.values()], topics: [...topics.values()].toSorted(byTasks) };
}

/** When a learner practised: an instant (RFC 3339) and the day that was stored with it. */
export type Practised = { at: string; day: string };

/** Days with the quarters of an hour that saw practice, as the database stores them (`mark_practice`), ascending. */
export function daysOf(practised: readonly Practised[]): PractisedDay[] {
  const days = new Map<string, Set<number>>();
  for (const { at, day } of practised) {
    const quarters = days.get(day) ?? new Set();
    days.set(day, quarters.add(Math.floor(Date.parse(at) / QUARTER)));
  }
  return [...days]
    .map(([date, quarters]) => ({ date, quarters: quarters.size }))
    .toSorted((a, b) => (a.date < b.date ? -1 : 1));
}

const isOpen = (status: Task['status'] | undefined) => status === 'scheduled' || status === 'in_progress';

const reviewDay = ({ metadata: { review_day } }: Pick<Task, 'metadata'>) =>
  typeof review_day === 'string' ? review_day : null;

/** Reviews that stand ready, up to nine days ahead. */
export function readyReviews(tasks: readonly Task[], now: number): ReadyReviews[] {
  return tasks
    .filter(({ kind, status }) => kind === 'review' && status === 'scheduled')
    .filter(({ scheduled_at }) => Date.parse(scheduled_at) < now + 9 * DAY)
    .map((task) => ({ day: reviewDay(task), at: task.scheduled_at, reviews: 1 }));
}

type Card = { problem_id: string; state: ReviewState; task_id: string | null };

/** What a plan of reviews depends on in a task; `handled` is its last event, and the last day that its events name. */
export type PlannedTask = Pick<Task, 'kind' | 'status' | 'scheduled_at' | 'metadata'> & {
  handled: { at: string | null; day: string | null };
};

/** What a plan of reviews is made of: cards without an open review, and the reviews of the days around now. */
export function planAt(
  cards: readonly Card[],
  tasks: ReadonlyMap<string, PlannedTask>,
  now: number,
): Pick<ReviewRecord, 'due' | 'plan'> {
  const utc = new Date(now).toISOString().slice(0, 10);
  const soon = addDays(utc, 1);
  const dated = cards
    .map((card) => ({ ...card, due: dueDayOf(card.state) }))
    .toSorted((a, b) => (a.due < b.due ? -1 : 1));
  const waiting = dated
    .filter(({ due }) => due <= addDays(utc, 91))
    .filter(({ task_id }) => task_id === null || !isOpen(tasks.get(task_id)?.status))
    .slice(0, 1000);
  const taken = [...tasks.values()]
    .filter(({ kind }) => kind === 'review')
    .map((task) => ({ day: reviewDay(task), at: task.scheduled_at }))
    .filter(({ at }) => Math.abs(Date.parse(at) - now) < 3 * DAY);
  return {
    due: dated.filter(({ due }) => due <= soon).map(({ due }) => ({ day: due, cards: 1 })),
    plan: {
      cards: waiting.map(({ problem_id, state, task_id, due }) => {
        const task = task_id !== null && due <= soon ? tasks.get(task_id) : undefined;
        return { problem_id, state, handled: task?.handled ?? null };
      }),
      taken,
    },
  };
}
