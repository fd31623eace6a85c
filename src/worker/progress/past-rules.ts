import type { ReviewState } from '#contract/learning.ts';
import type { Task } from '#contract/tasks.ts';

/** Sums over tasks for one module or topic, as `domain.ts` takes them. */
type Sums = Record<
  | 'tasks'
  | Task['status']
  | 'judged'
  | 'solved_first'
  | 'solved'
  | 'score_sum'
  | 'hints_used'
  | 'time_spent_seconds'
  | 'problems_completed',
  number
>;
type Named = Sums & { name: string };

const QUARTER = 900_000;
/** Quarters of an hour in the longest month. */
const SLOTS = 2976;
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
  solved_first: 0,
  solved: 0,
  score_sum: 0,
  hints_used: 0,
  time_spent_seconds: 0,
  problems_completed: 0,
});

function add(sums: Named, task: Task): void {
  const score = task.kind === 'lesson' ? null : task.score;
  sums.tasks += 1;
  sums[task.status] += 1;
  sums.judged += score === null ? 0 : 1;
  sums.solved_first += score !== null && task.metadata.first_score === 1 ? 1 : 0;
  sums.solved += score === 1 ? 1 : 0;
  sums.score_sum += score ?? 0;
  sums.hints_used += task.hints_used;
  sums.time_spent_seconds += task.time_spent_seconds ?? 0;
}

/** The sums that the database's triggers keep (`drizzle/0003`), made of tasks as they were: by module and by topic. */
export function sumsOf(tasks: readonly Task[]): { modules: Named[]; topics: Named[] } {
  const modules = new Map<string, Named>();
  const topics = new Map<string, Named>();
  const solved = new Set<string>();
  const into = (names: Map<string, Named>, name: string, task: Task) => {
    const sums = names.get(name) ?? nothing(name);
    names.set(name, sums);
    add(sums, task);
    return sums;
  };
  for (const task of tasks) {
    const sums = into(modules, task.module, task);
    for (const topic of new Set(task.topic_tags)) into(topics, topic, task);
    const problem = `${task.module} ${task.problem_id}`;
    if (task.kind === 'lesson' || task.status !== 'completed' || solved.has(problem)) continue;
    solved.add(problem);
    sums.problems_completed += 1;
  }
  const byTasks = (a: Named, b: Named) => b.tasks - a.tasks || (a.name < b.name ? -1 : 1);
  return { modules: [...modules.values()], topics: [...topics.values()].toSorted(byTasks) };
}

/** Instants of practice as the database keeps them: bits of a month's quarters of an hour, in hex. */
export function monthsOf(instants: readonly string[]): { month: string; slots: string }[] {
  const months = new Map<string, Uint8Array>();
  for (const instant of instants) {
    const month = `${instant.slice(0, 7)}-01`;
    const slot = Math.floor((Date.parse(instant) - Date.parse(month)) / QUARTER);
    const digits = months.get(month) ?? new Uint8Array(SLOTS / 4);
    months.set(month, digits);
    digits[slot >> 2] = (digits[slot >> 2] ?? 0) | (8 >> (slot & 3));
  }
  return [...months].map(([month, digits]) => ({
    month,
    slots: [...digits].map((d) => d.toString(16)).join(''),
  }));
}

const isOpen = (status: Task['status'] | undefined) => status === 'scheduled' || status === 'in_progress';

/** Reviews that stand ready, by the quarter of an hour they are scheduled for. */
export function readyReviews(tasks: readonly Task[], now: number): { at: number; reviews: number }[] {
  return tasks.flatMap(({ kind, status, scheduled_at }) => {
    const at = Date.parse(scheduled_at);
    if (kind !== 'review' || status !== 'scheduled' || at >= now + 9 * DAY) return [];
    return [{ at: Math.floor(Math.max(at, now - 2 * DAY) / QUARTER) * QUARTER, reviews: 1 }];
  });
}

type Card = { problem_id: string; state: ReviewState; task_id: string | null };

/** What a plan of reviews is made of: cards without a review that stands ready, and the reviews of the last two days. */
export function planAt(
  cards: readonly Card[],
  tasks: ReadonlyMap<string, Pick<Task, 'kind' | 'status' | 'scheduled_at'>>,
  now: number,
): { due_now: number; cards: Pick<Card, 'problem_id' | 'state'>[]; taken: string[] } {
  const due = ({ state }: Card) => Date.parse(state.due);
  const waiting = cards
    .filter((card) => due(card) < now + 90 * DAY)
    .filter(({ task_id }) => task_id === null || !isOpen(tasks.get(task_id)?.status))
    .toSorted((a, b) => due(a) - due(b))
    .slice(0, 1000);
  const taken = [...tasks.values()]
    .filter(({ kind }) => kind === 'review')
    .map(({ scheduled_at }) => scheduled_at)
    .filter((at) => Date.parse(at) > now - 2 * DAY && Date.parse(at) <= now);
  return {
    due_now: cards.filter((card) => due(card) <= now).length,
    cards: waiting.map(({ problem_id, state }) => ({ problem_id, state })),
    taken,
  };
}
