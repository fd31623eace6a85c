import { loadavg } from 'node:os';
import { median, say } from './kit.ts';

/** A figure beside its goal; `goal` reads as `<= 1.3` or `>= 0.85`, empty for figures without one. */
export type Verdict = { name: string; values: readonly number[]; goal: string; digits?: number };

export const NOISY_LOAD = 4;
/** Largest over smallest rate of a server that does nothing, above which rates say nothing. */
const NOISY_SPREAD = 1.5;

function isMet(value: number, goal: string): boolean {
  const [sign, limit] = goal.split(' ');
  return sign === '>=' ? value >= Number(limit) : value <= Number(limit);
}

/** `RATIO name value (min..max) goal ok`: the median, and the spread over the rounds. */
export function sayVerdict({ name, values, goal, digits = 2 }: Verdict): void {
  const value = median(values);
  const spread =
    values.length > 1 ? `${Math.min(...values).toFixed(digits)}..${Math.max(...values).toFixed(digits)}` : '';
  const verdict = goal === '' ? '' : isMet(value, goal) ? 'ok' : 'MISSED';
  say(
    `RATIO ${name.padEnd(58)}${value.toFixed(digits).padStart(8)}  ${spread.padEnd(16)}${goal.padEnd(9)}${verdict}`,
  );
}

/** How busy the machine was, and whether that is too busy to believe rates. */
export function weather(load: number, idleRates: readonly number[]): string {
  const spread = idleRates.length === 0 ? 1 : Math.max(...idleRates) / Math.min(...idleRates);
  const noisy = load > NOISY_LOAD || spread > NOISY_SPREAD;
  return `load average ${load.toFixed(1)} at the start, spread of doing nothing ${spread.toFixed(2)}${noisy ? '  NOISY' : ''}`;
}

export function loadNow(): number {
  return loadavg()[0] ?? 0;
}

/** In an order of its own each time, so that no server always runs behind the same other one. */
export function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, place: Math.random() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
