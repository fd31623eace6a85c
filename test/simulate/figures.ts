import type { Done, Story } from './simulation.ts';

/** Chances of success at which practice teaches: neither given away nor hopeless. */
export const BAND = { from: 0.6, to: 0.9 } as const;

export type Figures = {
  problems: number;
  reviews: number;
  /** Pearson, mastery rating against true ability, over topics with enough evidence. */
  correlation: number;
  /** The same over learners: means of their topics. */
  learnerCorrelation: number;
  /** Share of first attempts whose true chance of success lay in the band; of all tasks. */
  band: number;
  bandAll: number;
  tooHard: number;
  tooEasy: number;
  /** Reviews a learner has on a day. */
  load: { mean: number; p95: number; max: number };
  /** Share of reviews that were passed. */
  retention: number;
  /** Mean true recall of everything met, at the end. */
  recall: number;
  modules: number;
  /** Share of difficulty 3 and more among the problems of arrays-strings solved in 60 days: middling learners, and all. */
  hard: number;
  hardAll: number;
  /** Days of practice without a new problem. */
  withoutNew: number;
  /** Problems that an absence of six weeks would have expired. */
  expired: { mean: number; max: number };
  /** Absences that would have expired more than was open, and problems that would never have come back. */
  beyondOpen: number;
  lost: number;
};

/** Days after which the difficulty of what was solved is looked at, and in which module. */
export const HARD = { days: 60, module: 'arrays-strings', from: 3 } as const;

/** Problems of that module that were solved in those days. */
export function solvedThere(stories: readonly Story[]): Done[] {
  return stories
    .flatMap(({ done }) => done)
    .filter(
      ({ day, kind, module, solved }) =>
        day < HARD.days && kind === 'problem' && module === HARD.module && solved,
    );
}

function hardShare(stories: readonly Story[]): number {
  return share(solvedThere(stories), ({ difficulty }) => difficulty >= HARD.from);
}

export function mean(values: readonly number[]): number {
  return values.length === 0 ? Number.NaN : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function share<T>(items: readonly T[], holds: (item: T) => boolean): number {
  return items.filter(holds).length / items.length;
}

/** The value that this share of all values does not exceed (nearest rank). */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN;
}

function pearson(pairs: readonly (readonly [number, number])[]): number {
  const [x, y] = [mean(pairs.map(([a]) => a)), mean(pairs.map(([, b]) => b))];
  let [xy, xx, yy] = [0, 0, 0];
  for (const [a, b] of pairs) {
    xy += (a - x) * (b - y);
    xx += (a - x) ** 2;
    yy += (b - y) ** 2;
  }
  return xy / Math.sqrt(xx * yy);
}

export function inBand(chance: number): boolean {
  return chance >= BAND.from && chance <= BAND.to;
}

/** What the stories of many learners come to. */
export function figuresOf(stories: readonly Story[]): Figures {
  const done = stories.flatMap((story) => story.done);
  const problems = done.filter(({ kind }) => kind === 'problem');
  const reviews = done.filter(({ kind }) => kind === 'review');
  const loads = stories.flatMap(({ reviewLoad }) => reviewLoad);
  const away = stories.flatMap(({ absences }) => absences);
  const learners = stories.filter(({ estimates }) => estimates.length > 0);
  return {
    problems: problems.length,
    reviews: reviews.length,
    correlation: pearson(
      stories.flatMap(({ estimates }) => estimates.map(({ rating, ability }) => [rating, ability] as const)),
    ),
    learnerCorrelation: pearson(
      learners.map(
        ({ estimates }) =>
          [
            mean(estimates.map(({ rating }) => rating)),
            mean(estimates.map(({ ability }) => ability)),
          ] as const,
      ),
    ),
    band: share(problems, ({ chance }) => inBand(chance)),
    bandAll: share(done, ({ chance }) => inBand(chance)),
    tooHard: share(problems, ({ chance }) => chance < BAND.from),
    tooEasy: share(problems, ({ chance }) => chance > BAND.to),
    load: { mean: mean(loads), p95: quantile(loads, 0.95), max: Math.max(...loads) },
    retention: share(reviews, ({ solved }) => solved),
    recall: mean(stories.map(({ recall }) => recall.at(-1) ?? 0)),
    modules: mean(stories.map(({ modules }) => modules.at(-1) ?? 0)),
    hard: hardShare(stories.filter(({ middling }) => middling)),
    hardAll: hardShare(stories),
    withoutNew: stories.reduce((sum, story) => sum + story.withoutNew, 0),
    expired: {
      mean: mean(away.map(({ expired }) => expired)),
      max: Math.max(...away.map(({ expired }) => expired)),
    },
    beyondOpen: away.filter(({ open, expired }) => expired > open).length,
    lost: away.reduce((sum, { lost }) => sum + lost, 0),
  };
}
