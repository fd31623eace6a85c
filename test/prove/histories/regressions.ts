import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Step } from './steps.ts';

const FILE = path.join(import.meta.dirname, '..', 'regressions.json');

/** A history that was broken once, made as short as could be; `npm test` plays all of them. */
export type Regression = { found: string; completion: string; steps: readonly Step[] };

export function regressions(): Regression[] {
  return JSON.parse(readFileSync(FILE, 'utf8')) as Regression[];
}

/** Keeps a broken history for good. */
export function keep(regression: Regression): void {
  writeFileSync(FILE, `${JSON.stringify([...regressions(), regression], null, 2)}\n`);
}
