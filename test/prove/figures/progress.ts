import type { PathStats, PracticeFigures } from '#contract/paths.ts';
import type { Practice, ProgressFigures, TopicMastery } from '#contract/progress.ts';
import { dayOn, type Era, eraAt, missedOne, plusDays } from './days.ts';
import type { Learner } from './learner.ts';
import { type Exported, type ExportedTask, levelOf } from './results.ts';

/** A task that a change of config replaced before it was begun counts nowhere. */
export function counts({ status, metadata }: ExportedTask): boolean {
  return !(status === 'skipped' && metadata.replanned === true);
}

const isJudged = ({ kind, score }: ExportedTask) => kind !== 'lesson' && score !== null;
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** A share of `n`, null where there are too few to say. */
const share = (n: number, of: number, least: number) => ({ n, rate: n < least ? null : of / n });

/** The figures of a path's tasks, or of some of them. */
export function figuresOf(
  tasks: readonly ExportedTask[],
  { firsts }: Pick<Learner, 'firsts'>,
  least = 1,
): ProgressFigures {
  const counted = tasks.filter(counts);
  const judged = counted.filter(isJudged);
  const solved = judged.filter(({ score }) => score === 1);
  const tries = judged.filter(({ id }) => firsts.has(id));
  const status = (name: ExportedTask['status']) => counted.filter((task) => task.status === name).length;
  return {
    tasks: counted.length,
    by_status: {
      scheduled: status('scheduled'),
      in_progress: status('in_progress'),
      completed: status('completed'),
      skipped: status('skipped'),
      expired: status('expired'),
    },
    solved: solved.length,
    attempted: judged.length - solved.length,
    first_try: share(tries.length, tries.filter(({ id }) => firsts.get(id) === 1).length, least),
    eventual: share(judged.length, solved.length, least),
    mean_score: judged.length === 0 ? null : sum(judged.map(({ score }) => score ?? 0)) / judged.length,
    hints_used: sum(counted.map(({ hints_used }) => hints_used)),
    time_spent_seconds: sum(counted.map(({ time_spent_seconds }) => time_spent_seconds ?? 0)),
  };
}

/** The figures of `GET /v1/study-paths/current`. */
export function statsOf(tasks: readonly ExportedTask[]): PathStats {
  const { first_try: _, eventual, ...figures } = figuresOf(tasks, { firsts: new Map() });
  return { ...figures, accuracy: eventual.rate };
}

/** Problems with a result in some module of a path: those that were solved, and the others. */
export function problemsOf(tasks: readonly ExportedTask[]): { solved: number; attempted: number } {
  const judged = tasks.filter(counts).filter(isJudged);
  const solved = new Set(judged.filter(({ score }) => score === 1).map(({ problem_id }) => problem_id));
  const tried = new Set(judged.map(({ problem_id }) => problem_id));
  return { solved: solved.size, attempted: tried.size - solved.size };
}

export function masteryOf({ ratings }: Learner, topic: string): TopicMastery {
  const state = ratings.all.get(topic);
  if (state === undefined) return { level: 'unknown', rating: null, n: 0, reason: null };
  return { level: levelOf(state) as TopicMastery['level'], ...state };
}

/** Days with practice and the quarters of an hour of each: a submission when it was sent, a lesson when it was done. */
function practised({ tasks, evaluations }: Exported): [day: string, quarters: number][] {
  const moments = [
    ...evaluations.filter(({ run }) => run === 1).map(({ day, created_at }) => ({ day, at: created_at })),
    ...tasks
      .filter(({ kind }) => kind === 'lesson')
      .map(({ completed_day, completed_at }) => ({ day: completed_day, at: completed_at })),
  ];
  const days = new Map<string, Set<number>>();
  for (const { day, at } of moments) {
    if (at === null || day === null) continue;
    const quarters = days.get(day) ?? new Set();
    days.set(day, quarters.add(Math.floor(Date.parse(at) / 900_000)));
  }
  return [...days]
    .map(([day, quarters]): [string, number] => [day, quarters.size])
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** Days and streaks of the learner over all paths. */
export function practiceOf(document: Exported, eras: readonly Era[], now: number): Practice {
  const days = practised(document);
  const today = dayOn(eraAt(eras, now), now);
  let [run, longest] = [0, 0];
  for (const [index, [day]] of days.entries()) {
    const before = days[index - 1]?.[0];
    run = before === undefined || missedOne(before, day, eras) ? 1 : run + 1;
    longest = Math.max(longest, run);
  }
  const last = days.at(-1)?.[0] ?? null;
  const lives = last !== null && !missedOne(last, today, eras);
  return {
    days: days.length,
    current_streak: lives ? run : 0,
    longest_streak: longest,
    last_day: last,
    today,
    activity: days
      .filter(([date]) => date >= plusDays(today, -370))
      .map(([date, quarters]) => ({ date, quarters })),
  };
}

export function withoutActivity({ activity: _, ...figures }: Practice): PracticeFigures {
  return figures;
}
