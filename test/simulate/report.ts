import { BAND, type Figures, HARD } from './figures.ts';
import type { Results } from './plot.ts';
import { CONFIG } from './policies.ts';
import { AWAY, type SimulationOptions } from './simulation.ts';

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

/** What is told of a policy, line by line. */
function told(figures: Figures): readonly (readonly [string, string])[] {
  const { load } = figures;
  const band = `${BAND.from * 100}-${BAND.to * 100} %`;
  return [
    ['new problems / reviews', `${figures.problems} / ${figures.reviews}`],
    ['mastery and true ability: correlation by topic', figures.correlation.toFixed(3)],
    ['  by learner', figures.learnerCorrelation.toFixed(3)],
    [`new problems with a chance of success of ${band}`, percent(figures.band)],
    ['  too hard / too easy', `${percent(figures.tooHard)} / ${percent(figures.tooEasy)}`],
    [`all tasks with a chance of success of ${band}`, percent(figures.bandAll)],
    ['reviews a day: mean / p95 / max', `${load.mean.toFixed(2)} / ${load.p95} / ${load.max}`],
    [`reviews passed (requested ${percent(CONFIG.desired_retention)})`, percent(figures.retention)],
    ['true recall of all problems met, at the end', percent(figures.recall)],
    ['modules whose goal is reached', figures.modules.toFixed(2)],
    [`difficulty 3+ of solved ${HARD.module}, day ${HARD.days}`, percent(figures.hard)],
    ['  of all learners, not only the middling ones', percent(figures.hardAll)],
    ['days of practice without a new problem', String(figures.withoutNew)],
    [
      `expired by ${AWAY} days away: mean / most`,
      `${figures.expired.mean.toFixed(2)} / ${figures.expired.max}`,
    ],
    ['  more than were open / never offered again', `${figures.beyondOpen} / ${figures.lost}`],
  ];
}

/** The table of both policies, as text. */
export function renderTable({ engine, random }: Results, options: SimulationOptions, bank: string): string {
  const { learners, days, seed } = options;
  const right = told(random.figures);
  const rows = told(engine.figures).map(([label, value], i) => [label, value, right[i]?.[1] ?? '']);
  const lines = [['', 'engine', 'random'], ...rows].map(
    ([label = '', a = '', b = '']) => `${label.padEnd(54)}${a.padStart(18)}${b.padStart(18)}`,
  );
  return `${learners} learners, ${days} days, seed ${seed}; ${bank}\n\n${lines.join('\n')}\n\n`;
}
