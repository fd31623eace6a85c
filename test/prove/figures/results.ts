import type { LearnerExport } from '#contract/export.ts';
import type { MasteryReason } from '#contract/learning.ts';

export type Exported = Pick<
  LearnerExport,
  'as_of' | 'paths' | 'tasks' | 'evaluations' | 'events' | 'mastery' | 'review_queue' | 'review_log'
>;
export type ExportedTask = Exported['tasks'][number];
type ExportedEvent = Exported['events'][number];

/** A path that was erased, when, and the learner's export just before. */
export type Erased = { path: string; at: number; document: Exported };

/** The first result of a task. */
export type FirstResult = {
  task: ExportedTask;
  at: number;
  /** The learner's day on which the code was sent. */
  day: string;
  score: number;
  /** Whether no task of the learner had a result of this problem before. */
  first: boolean;
};

/** What happened to the learner, in order: the first result of each task, what was done to reviews, and erasures. */
export type Happening =
  | ({ what: 'result'; graded: Graded | null } & FirstResult)
  | { what: 'graded'; at: number; task: ExportedTask; graded: Graded }
  | { what: 'undone'; at: number; task: ExportedTask }
  | { what: 'erased'; at: number; erased: Erased };

type Graded = Extract<ExportedEvent, { event_type: 'graded' }>['payload'];

/** CE: the program was never run. IE: the judge failed. Neither says anything of the learner. */
const NO_RESULT: readonly string[] = ['CE', 'IE'];

/** Events of a task, and with the same instant those of one request together. */
function happeningsOf(task: ExportedTask, events: readonly ExportedEvent[], document: Exported): Happening[] {
  const happenings: Happening[] = [];
  let judged = false;
  let resultAt = '';
  for (const event of events.toSorted((a, b) => a.seq - b.seq)) {
    const at = Date.parse(event.occurred_at);
    if (event.event_type === 'evaluated') {
      const { verdict, test_cases_passed, test_cases_total, evaluation_id } = event.payload;
      if (judged || NO_RESULT.includes(verdict)) continue;
      judged = true;
      resultAt = event.occurred_at;
      const evaluation = document.evaluations.find(({ id }) => id === evaluation_id);
      const score = test_cases_passed / test_cases_total;
      const day = evaluation?.day ?? '';
      happenings.push({ what: 'result', at, task, day, score, first: false, graded: null });
    }
    if (event.event_type === 'graded') {
      const last = happenings.at(-1);
      if (last?.what === 'result' && last.graded === null && event.occurred_at === resultAt)
        last.graded = event.payload;
      else happenings.push({ what: 'graded', at, task, graded: event.payload });
    }
    if (event.event_type === 'grade_undone') happenings.push({ what: 'undone', at, task });
  }
  return happenings;
}

function happeningsIn(document: Exported, path: string | null): Happening[] {
  const events = Map.groupBy(document.events, ({ task_id }) => task_id);
  return document.tasks
    .filter(({ path_id, kind }) => kind !== 'lesson' && (path === null || path_id === path))
    .flatMap((task) => happeningsOf(task, events.get(task.id) ?? [], document));
}

/** All that happened, also in paths that are gone, with the problems that the learner met for the first time. */
export function happeningsOfAll(document: Exported, erased: readonly Erased[]): Happening[] {
  const all = [
    ...happeningsIn(document, null),
    ...erased.flatMap((gone) => [
      ...happeningsIn(gone.document, gone.path),
      { what: 'erased' as const, at: gone.at, erased: gone },
    ]),
  ].toSorted((a, b) => a.at - b.at);
  const met = new Map<string, ExportedTask[]>();
  for (const happening of all) {
    if (happening.what === 'erased') {
      for (const [problem, tasks] of met)
        met.set(
          problem,
          tasks.filter(({ path_id }) => path_id !== happening.erased.path),
        );
    }
    if (happening.what !== 'result') continue;
    const { problem_id } = happening.task;
    const before = met.get(problem_id) ?? [];
    happening.first = before.length === 0;
    met.set(problem_id, [...before, happening.task]);
  }
  return all;
}

export type Rating = { n: number; rating: number; reason: MasteryReason };

const chance = (rating: number, difficulty: number) =>
  1 / (1 + 10 ** ((1500 + 200 * (difficulty - 3) - rating) / 400));
/** Points at stake: fewer the more is known, never below 40. */
const stake = (n: number) => Math.max(40, 400 / Math.log(10) / (1 + n / 20));
const bounded = (rating: number) => Math.max(0, Math.min(3000, rating));

function reasonFor(known: boolean, score: number, expected: number): MasteryReason {
  if (!known) return 'first-evidence';
  if (score === 1) return expected >= 0.5 ? 'solved-expected' : 'solved-harder';
  if (score < 0.5) return expected >= 0.5 ? 'missed-easier' : 'missed-expected';
  return score / 2 > expected ? 'partly-above' : 'partly-below';
}

/** Elo ratings by topic after first results; a topic that is new begins at the mean of its task's other topics. */
export class Ratings {
  readonly all = new Map<string, Rating>();

  private topicsOf({ module, topic_tags }: ExportedTask): string[] {
    return [...new Set([module, ...topic_tags])];
  }

  firstResult(task: ExportedTask, score: number): void {
    const topics = this.topicsOf(task);
    const known = topics.flatMap((topic) => this.all.get(topic)?.rating ?? []);
    const prior = known.length === 0 ? 1500 : known.reduce((sum, rating) => sum + rating, 0) / known.length;
    const won = score === 1 ? 1 : score / 2;
    for (const topic of topics) {
      const { n, rating } = this.all.get(topic) ?? { n: 0, rating: prior };
      const expected = chance(rating, task.difficulty);
      this.all.set(topic, {
        n: n + 1,
        rating: bounded(rating + stake(n) * (won - expected)),
        reason: reasonFor(n > 0, score, expected),
      });
    }
  }

  /** Takes a fifth of what a missed first attempt would take; evidence stays. */
  failedReview(task: ExportedTask): void {
    for (const topic of this.topicsOf(task)) {
      const state = this.all.get(topic);
      if (state === undefined) continue;
      const { n, rating } = state;
      const lost = (stake(n) * chance(rating, task.difficulty)) / 5;
      this.all.set(topic, { n, rating: bounded(rating - lost), reason: 'review-failed' });
    }
  }
}

/** The name of a rating, as it is shown: unknown below three first results. */
export function levelOf(state: Rating | undefined): string {
  if (state === undefined || state.n < 3) return 'unknown';
  const expected = chance(state.rating, 3);
  return expected < 0.4 ? 'novice' : expected < 0.6 ? 'developing' : expected < 0.8 ? 'proficient' : 'strong';
}
