import { problemRating } from '#domain/learning/mastery.ts';
import { BAND, type Figures, mean, quantile } from './figures.ts';
import { CONFIG } from './policies.ts';
import type { Done, PolicyName, SimulationOptions, Story } from './simulation.ts';
import {
  COLOURS,
  createPanel,
  line,
  PANEL_SIZE,
  type Panel,
  type Point,
  sheet,
  short,
  words,
} from './svg.ts';

export type Results = Record<PolicyName, { stories: readonly Story[]; figures: Figures }>;

const [ACROSS, DOWN, HEAD] = [2, 3, 92] as const;
/** Dots that a scatter plot still shows apart. */
const MOST_DOTS = 1500;
const BINS = 20;
const percent = (value: number) => `${Math.round(value * 100)} %`;
const range = (from: number, to: number, step: number) =>
  Array.from({ length: Math.floor((to - from) / step + 1e-9) + 1 }, (_, i) => from + i * step);

function place(index: number): [number, number] {
  return [(index % ACROSS) * PANEL_SIZE.width, HEAD + Math.floor(index / ACROSS) * PANEL_SIZE.height];
}

function dayScale(days: number) {
  return { from: 0, to: days, ticks: range(0, days, Math.max(1, Math.round(days / 6))), label: 'day' };
}

function masteryPanel({ engine }: Results): string {
  const all = engine.stories.flatMap(({ estimates }) => estimates);
  const every = Math.max(1, Math.ceil(all.length / MOST_DOTS));
  const dots = all.filter((_, i) => i % every === 0);
  const ratings = { from: 800, to: 2200, ticks: range(800, 2200, 200), label: 'mastery (Elo points)' };
  const panel = createPanel(
    ...place(0),
    'Mastery against ability, topic by topic (engine)',
    { from: -3.5, to: 3.5, ticks: range(-3, 3, 1), label: 'true ability (log-odds at difficulty 3)' },
    ratings,
  );
  const clamp = (value: number, from: number, to: number) => Math.min(to, Math.max(from, value));
  for (const { ability, rating } of dots) {
    const [x, y] = [panel.x(clamp(ability, -3.5, 3.5)), panel.y(clamp(rating, 800, 2200))];
    panel.add(
      `<circle cx="${short(x)}" cy="${short(y)}" r="2.2" fill="${COLOURS.engine}" fill-opacity="0.28"/>`,
    );
  }
  const exact = (ability: number) => problemRating(3) + (ability * 400) / Math.LN10;
  line(
    panel,
    [-3.5, 3.5].map((ability): Point => [ability, exact(ability)]),
    COLOURS.ink,
    '5 4',
  );
  const { correlation, learnerCorrelation } = engine.figures;
  const told = `r = ${correlation.toFixed(2)} by topic, ${learnerCorrelation.toFixed(2)} by learner`;
  panel.add(words(panel.x(-3.3), panel.y(2070), told, { colour: COLOURS.engine, weight: 'bold' }));
  panel.add(words(panel.x(-3.3), panel.y(1970), 'dashed: exact', { size: 11, colour: COLOURS.muted }));
  return panel.render();
}

function histogram(done: readonly Done[]): number[] {
  const counts = Array<number>(BINS).fill(0);
  for (const { chance } of done) {
    const bin = Math.min(BINS - 1, Math.floor(chance * BINS));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts.map((count) => count / done.length);
}

function legend(
  panel: Panel,
  x: number,
  y: number,
  entries: readonly (readonly [PolicyName, string])[],
): void {
  for (const [index, [name, text]] of entries.entries())
    panel.add(
      words(panel.x(x), panel.y(y) + index * 16, text, { size: 12, colour: COLOURS[name], weight: 'bold' }),
    );
}

function bandPanel(results: Results): string {
  const shares = (['engine', 'random'] as const).map((name) => {
    const problems = results[name].stories.flatMap(({ done }) =>
      done.filter(({ kind }) => kind === 'problem'),
    );
    return [name, histogram(problems)] as const;
  });
  const top = Math.ceil(Math.max(0.1, ...shares.flatMap(([, counts]) => counts)) * 20) / 20;
  const panel = createPanel(
    ...place(1),
    'New problems: how likely was success?',
    { from: 0, to: 1, ticks: range(0, 1, 0.2), label: 'true chance of success', format: percent },
    { from: 0, to: top, ticks: range(0, top, 0.05), label: 'share of new problems', format: percent },
  );
  const [left, right] = [panel.x(BAND.from), panel.x(BAND.to)];
  panel.add(
    `<rect x="${short(left)}" y="${short(panel.y(top))}" width="${short(right - left)}" height="${short(panel.y(0) - panel.y(top))}" fill="#009e73" fill-opacity="0.13"/>`,
  );
  for (const [name, counts] of shares) {
    const steps = counts.flatMap((share, bin): Point[] => [
      [bin / BINS, share],
      [(bin + 1) / BINS, share],
    ]);
    line(panel, [[0, 0], ...steps, [1, 0]], COLOURS[name], name === 'engine' ? '' : '5 3');
  }
  const { engine, random } = results;
  legend(panel, 0.03, top * 0.93, [
    ['engine', `engine: ${percent(engine.figures.band)} in the band`],
    ['random', `random: ${percent(random.figures.band)}`],
  ]);
  return panel.render();
}

function loadPanel({ engine }: Results, days: number): string {
  const cap = CONFIG.reviews_per_day;
  const panel = createPanel(...place(2), 'Reviews of a learner on a day (engine)', dayScale(days), {
    from: 0,
    to: cap + 1,
    ticks: range(0, cap, 2),
    label: 'reviews',
  });
  const onDay = (day: number) => engine.stories.map(({ reviewLoad }) => reviewLoad[day] ?? 0);
  const numbers = range(0, days - 1, 1);
  line(
    panel,
    numbers.map((day): Point => [day, quantile(onDay(day), 0.95)]),
    COLOURS.engine,
    '4 3',
  );
  line(
    panel,
    numbers.map((day): Point => [day, mean(onDay(day))]),
    COLOURS.engine,
  );
  line(
    panel,
    [
      [0, cap],
      [days, cap],
    ],
    COLOURS.muted,
    '2 3',
  );
  panel.add(
    words(panel.x(days * 0.02), panel.y(cap) - 5, `cap of ${cap} a day`, { size: 11, colour: COLOURS.muted }),
  );
  const { load } = engine.figures;
  const told = `solid: mean (${load.mean.toFixed(1)}), dashed: 95th percentile (${load.p95}), most: ${load.max}`;
  panel.add(words(panel.x(days * 0.16), panel.y(0.5), told, { size: 11 }));
  return panel.render();
}

function retentionPanel(results: Results, days: number): string {
  const panel = createPanel(...place(3), 'Reviews that succeed, week by week', dayScale(days), {
    from: 0.4,
    to: 1,
    ticks: range(0.4, 1, 0.1),
    label: 'share passed',
    format: percent,
  });
  const wanted = CONFIG.desired_retention;
  line(
    panel,
    [
      [0, wanted],
      [days, wanted],
    ],
    COLOURS.muted,
    '2 3',
  );
  panel.add(
    words(panel.x(days * 0.76), panel.y(wanted) - 6, `requested ${percent(wanted)}`, {
      size: 11,
      colour: COLOURS.muted,
    }),
  );
  for (const name of ['engine', 'random'] as const) {
    const reviews = results[name].stories.flatMap(({ done }) => done.filter(({ kind }) => kind === 'review'));
    const byWeek = Map.groupBy(reviews, ({ day }) => Math.floor(day / 7));
    const points = [...byWeek]
      .toSorted(([a], [b]) => a - b)
      .map(
        ([week, list]): Point => [
          Math.min(days, week * 7 + 3.5),
          mean(list.map(({ solved }) => Number(solved))),
        ],
      );
    line(panel, points, COLOURS[name], name === 'engine' ? '' : '5 3');
  }
  legend(panel, days * 0.03, 0.49, [
    ['engine', `engine: ${percent(results.engine.figures.retention)} over all`],
    ['random', `random: ${percent(results.random.figures.retention)}`],
  ]);
  return panel.render();
}

function recallPanel(results: Results, days: number): string {
  const panel = createPanel(...place(4), 'What is still known of all problems met', dayScale(days), {
    from: 0.4,
    to: 1,
    ticks: range(0.4, 1, 0.1),
    label: 'mean true recall',
    format: percent,
  });
  for (const name of ['engine', 'random'] as const) {
    const points = range(0, days - 1, 1).map((day): Point => {
      // Aligned by the end: a learner's first days may have been without practice.
      const values = results[name].stories.flatMap(({ recall }) => recall.at(day - days) ?? []);
      return [day, mean(values)];
    });
    line(panel, points, COLOURS[name], name === 'engine' ? '' : '5 3');
  }
  legend(panel, days * 0.03, 0.49, [
    ['engine', `engine: ${percent(results.engine.figures.recall)} at the end`],
    ['random', `random: ${percent(results.random.figures.recall)}`],
  ]);
  return panel.render();
}

function modulesPanel(results: Results, days: number): string {
  const panel = createPanel(...place(5), 'Modules completed', dayScale(days), {
    from: 0,
    to: 14,
    ticks: range(0, 14, 2),
    label: 'modules of 14',
  });
  for (const name of ['engine', 'random'] as const) {
    const points = range(0, days - 1, 1).map(
      (day): Point => [day, mean(results[name].stories.map(({ modules }) => modules[day] ?? 0))],
    );
    line(panel, points, COLOURS[name], name === 'engine' ? '' : '5 3');
  }
  legend(panel, days * 0.03, 13, [
    ['engine', `engine: ${results.engine.figures.modules.toFixed(1)}, in teaching order`],
    ['random', `random: ${results.random.figures.modules.toFixed(1)}, in any order`],
  ]);
  return panel.render();
}

/** One sheet of six panels; the same results give the same text. */
export function plot(results: Results, options: SimulationOptions, bank: string): string {
  const { learners, days, seed } = options;
  return sheet(ACROSS * PANEL_SIZE.width, HEAD + DOWN * PANEL_SIZE.height, [
    words(14, 36, 'The learning engine against random choice', { size: 20, weight: 'bold' }),
    words(14, 60, `${learners} synthetic learners, ${days} days, seed ${seed}; ${bank}`, {
      size: 13,
      colour: COLOURS.muted,
    }),
    words(14, 80, 'Each learner meets both; mastery is measured by the same rule.', {
      size: 13,
      colour: COLOURS.muted,
    }),
    masteryPanel(results),
    bandPanel(results),
    loadPanel(results, days),
    retentionPanel(results, days),
    recallPanel(results, days),
    modulesPanel(results, days),
  ]);
}
