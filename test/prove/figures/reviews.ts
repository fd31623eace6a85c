import type { Progress, ReviewForecast } from '#contract/progress.ts';
import type { ReviewProgress } from '#contract/reviews.ts';
import { type Clock, dayOn, daysFrom, plusDays } from './days.ts';
import { dueDay } from './learner.ts';
import type { Exported, ExportedTask } from './results.ts';

/** What reviews are planned by. */
export type Wish = { document: Exported; clock: Clock; now: number; perDay: number };

type Card = Exported['review_queue'][number];

const OPEN: readonly string[] = ['scheduled', 'in_progress'];
const FAR = 90;

/** The day for which a review task was made, or that it is scheduled for. */
export function reviewDayOf({ metadata, scheduled_at }: ExportedTask, clock: Clock): string {
  const { review_day } = metadata;
  return typeof review_day === 'string' ? review_day : dayOn(clock, Date.parse(scheduled_at));
}

/** A card with the first day on which its review can be made. */
type Waiting = { problem: string; due: string; from: string; fading: number };

/** The day after which the last task of a card was closed: what was skipped or has expired today waits for another day. */
function closedOn(task: ExportedTask | undefined, { document, clock }: Wish): string | null {
  if (task === undefined) return null;
  const events = document.events.filter(({ task_id }) => task_id === task.id);
  const days = events.flatMap(({ occurred_at, payload }) => [
    dayOn(clock, Date.parse(occurred_at)),
    'day' in payload && typeof payload.day === 'string' ? payload.day : '',
  ]);
  return days.toSorted().at(-1) ?? null;
}

function waitingCards(wish: Wish, today: string): Waiting[] {
  const tasks = new Map(wish.document.tasks.map((task) => [task.id, task]));
  return wish.document.review_queue.flatMap((card: Card) => {
    const task = card.task_id === null ? undefined : tasks.get(card.task_id);
    if (task !== undefined && OPEN.includes(task.status)) return [];
    const day = card.state.day ?? '';
    const closed = closedOn(task, wish);
    const due = dueDay(card);
    const from = [today, due, plusDays(day, 1), closed === null ? '' : plusDays(closed, 1)].toSorted().at(-1);
    const fading = Math.max(0, daysFrom(day, today)) / card.state.stability;
    return [{ problem: card.problem_id, due, from: from ?? today, fading }];
  });
}

/** Most faded first, then what has been due for longest, then by name. */
const byNeed = (a: Waiting, b: Waiting) =>
  b.fading - a.fading || (a.due < b.due ? -1 : a.due > b.due ? 1 : a.problem < b.problem ? -1 : 1);

/** Days by problem on which reviews are made when at most so many are on a day, and what is left waiting. */
export function planOf(wish: Wish): { days: Map<string, string>; waiting: Waiting[]; today: string } {
  const { document, clock, now, perDay } = wish;
  const today = dayOn(clock, now);
  const waiting = waitingCards(wish, today);
  const days = new Map<string, string>();
  const taken = document.tasks.filter((task) => task.kind === 'review' && reviewDayOf(task, clock) === today);
  let left = waiting.toSorted(byNeed);
  for (let ahead = 0; ahead <= 500 && left.length > 0 && perDay > 0; ahead += 1) {
    const day = plusDays(today, ahead);
    const places = Math.max(0, perDay - (ahead === 0 ? taken.length : 0));
    for (const { problem } of left.filter(({ from }) => from <= day).slice(0, places)) days.set(problem, day);
    left = left.filter(({ problem }) => !days.has(problem));
  }
  return { days, waiting, today };
}

/** Reviews that fall due, and that are made, from today on. */
export function forecastOf(wish: Wish): ReviewProgress['forecast'] {
  const { days, waiting, today } = planOf(wish);
  let backlog = 0;
  const rows = Array.from({ length: FAR }, (_, ahead) => {
    const date = plusDays(today, ahead);
    const due = waiting.filter((card) => card.due === date || (date === today && card.due < today)).length;
    const planned = [...days.values()].filter((day) => day === date).length;
    backlog += due - planned;
    return { date, due, planned, backlog };
  });
  const spans = [7, 30, 90].map((length) => {
    const part = rows.slice(0, length);
    return {
      days: length,
      due: part.reduce((sum, { due }) => sum + due, 0),
      planned: part.reduce((sum, { planned }) => sum + planned, 0),
      backlog: part.at(-1)?.backlog ?? 0,
    };
  });
  return { overdue: waiting.filter(({ due }) => due < today).length, days: rows, spans };
}

/** Problems due by a day, in the order of their days. */
export function dueBy(document: Exported, day: string): { problem: string; due: string }[] {
  return document.review_queue
    .map((card) => ({ problem: card.problem_id, due: dueDay(card) }))
    .filter(({ due }) => due <= day)
    .toSorted((a, b) => (a.due === b.due ? (a.problem < b.problem ? -1 : 1) : a.due < b.due ? -1 : 1));
}

/** Reviews that are scheduled in a path: before today, and on today and the six days after it. */
export function upcomingOf(tasks: readonly ExportedTask[], clock: Clock, today: string): ReviewForecast {
  const days = tasks
    .filter(({ kind, status }) => kind === 'review' && status === 'scheduled')
    .map((task) => reviewDayOf(task, clock));
  return {
    overdue: days.filter((day) => day < today).length,
    days: Array.from({ length: 7 }, (_, ahead) => {
      const date = plusDays(today, ahead);
      return { date, reviews: days.filter((day) => day === date).length };
    }),
  };
}

const PERIODS = { today: 0, week: 6, month: 29, year: 364, all: 1e5 } as const;

/** Share of reviews that were passed: the first one of a problem on a day, where there was something to remember. */
export function retentionOf({ review_log }: Exported, today: string): Progress['reviews']['retention'] {
  const seen = new Set<string>();
  const reviews = review_log
    .filter(({ undone_at, log }) => undone_at === null && log.before !== null)
    .toSorted((a, b) => Date.parse(a.log.reviewed_at) - Date.parse(b.log.reviewed_at))
    .flatMap(({ problem_id, log }) => {
      const day = log.after.day ?? '';
      if (seen.has(`${problem_id} ${day}`)) return [];
      seen.add(`${problem_id} ${day}`);
      const rested = log.before?.scheduled_days ?? 0;
      return [{ day, mature: rested >= 21, passed: log.grade !== 'again' }];
    });
  const share = (of: readonly { passed: boolean }[]) => {
    const passed = of.filter((review) => review.passed).length;
    return { reviews: of.length, passed, rate: of.length === 0 ? null : passed / of.length };
  };
  return (Object.keys(PERIODS) as (keyof typeof PERIODS)[]).map((period) => {
    const since = PERIODS[period] === 1e5 ? '' : plusDays(today, -PERIODS[period]);
    // After a flight westwards the last reviews may lie a day ahead.
    const within = reviews.filter(({ day }) => day >= since && day <= plusDays(today, 1));
    return {
      period,
      young: share(within.filter(({ mature }) => !mature)),
      mature: share(within.filter(({ mature }) => mature)),
      all: share(within),
    };
  });
}
