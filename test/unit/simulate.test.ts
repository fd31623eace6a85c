import { expect, test } from 'vitest';
import { bankCatalogue } from '../simulate/catalogue.ts';
import { figuresOf } from '../simulate/figures.ts';
import { createLearner } from '../simulate/learner.ts';
import { plot } from '../simulate/plot.ts';
import { CONFIG } from '../simulate/policies.ts';
import { seededRandom } from '../simulate/random.ts';
import { renderTable } from '../simulate/report.ts';
import { type SimulationOptions, simulate } from '../simulate/simulation.ts';

const { catalogue, name } = await bankCatalogue(10);

function run(options: SimulationOptions) {
  const of = (policy: 'engine' | 'random') => {
    const stories = simulate(catalogue, policy, options);
    return { stories, figures: figuresOf(stories) };
  };
  return { engine: of('engine'), random: of('random') };
}

test('the same seed gives the same table and plot, another seed others', () => {
  const tell = (seed: number) => {
    const options = { learners: 3, days: 20, seed };
    const results = run(options);
    return renderTable(results, options, name) + plot(results, options, name);
  };
  expect(tell(1)).toBe(tell(1));
  expect(tell(2)).not.toBe(tell(1).replaceAll('seed 1', 'seed 2'));
}, 30_000);

test.each([1, 2, 3])(
  'with seed %d the engine beats random choice on band and retention, within its caps',
  (seed) => {
    const { engine, random } = run({ learners: 12, days: 90, seed });
    expect(engine.figures.band).toBeGreaterThan(random.figures.band + 0.15);
    // Two reviews, then a new task: reviews come a little later than when they all come first.
    expect(engine.figures.retention).toBeGreaterThan(random.figures.retention + 0.02);
    expect(engine.figures.recall).toBeGreaterThan(random.figures.recall + 0.1);
    expect(Math.abs(engine.figures.retention - 0.9)).toBeLessThan(0.06);
    expect(engine.figures.learnerCorrelation).toBeGreaterThan(0.7);
    expect(engine.figures.load.max).toBeLessThanOrEqual(10);
    expect(engine.figures.withoutNew).toBe(0);
    expect(engine.figures.hardAll).toBeGreaterThan(random.figures.hardAll + 0.1);
    // What an absence expires was open, and all of it is offered again.
    expect(engine.figures.beyondOpen).toBe(0);
    expect(engine.figures.lost).toBe(0);
    expect(engine.figures.expired.max).toBeLessThanOrEqual(CONFIG.horizon + CONFIG.tasks_per_day);
  },
  60_000,
);

test('a learner is the same under every policy, only luck differs', () => {
  const [one, other] = [createLearner(7, 3, 'engine'), createLearner(7, 3, 'random')];
  for (const tag of ['hashing', 'heaps', 'two-pointers']) expect(one.ability(tag)).toBe(other.ability(tag));
  expect(createLearner(8, 3, 'engine').ability('heaps')).not.toBe(one.ability('heaps'));
});

test('what was met is forgotten with time, what was never met was never known', () => {
  const [problem] = catalogue;
  if (problem === undefined) throw new Error('the bank is empty');
  const learner = createLearner(1, 1, 'engine');
  expect(learner.recall(problem.problem_id, 0)).toBe(0);
  learner.attempt(problem, 0);
  const recalls = [0, 1, 5, 30].map((days) => learner.recall(problem.problem_id, days * 86_400_000));
  expect(recalls[0]).toBe(1);
  expect(recalls).toEqual(recalls.toSorted((a, b) => b - a));
});

test('the generator is uniform enough and normal where it says so', () => {
  const random = seededRandom(5, 'check');
  const uniform = Array.from({ length: 20_000 }, () => random.next());
  const normal = Array.from({ length: 20_000 }, () => random.normal(2, 3));
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  expect(mean(uniform)).toBeCloseTo(0.5, 1);
  expect(Math.min(...uniform)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...uniform)).toBeLessThan(1);
  expect(Math.abs(mean(normal) - 2)).toBeLessThan(0.1);
  expect(Math.abs(Math.sqrt(mean(normal.map((value) => (value - 2) ** 2))) - 3)).toBeLessThan(0.1);
});
