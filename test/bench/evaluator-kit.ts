import { loadavg } from 'node:os';
import type { Language } from '#contract/vocabulary.ts';
import type { Container } from '../../src/services/evaluator/bubblewrap.ts';
import { bootSandbox } from '../../src/services/evaluator/pool.ts';
import { availableClock } from '../../src/services/evaluator/process-stats.ts';
import type { Sandbox } from '../../src/services/evaluator/sandbox-process.ts';
import type { Snapshot } from '../../src/services/evaluator/snapshot.ts';
import { say } from './kit.ts';

/** Load above which figures are marked. */
const NOISY_LOAD = 4;
/** Turns of the loop that is bound by the processor. */
export const LOOPS = 500_000;

export const CODE: Record<Language, string> = {
  python: `def solve(nums, target):
    seen = {}
    for i, n in enumerate(nums):
        if target - n in seen: return [seen[target - n], i]
        seen[n] = i
`,
  javascript: `function solve(nums, target) {
  const seen = new Map();
  for (const [i, n] of nums.entries()) {
    if (seen.has(target - n)) return [seen.get(target - n), i];
    seen.set(n, i);
  }
}`,
};
export const LOOP: Record<Language, string> = {
  python: `def solve(n):
    t = 0
    for i in range(n): t = (t * 31 + i) % 1000003
    return t
`,
  javascript: `function solve(n) { let t = 0; for (let i = 0; i < n; i++) t = (t * 31 + i) % 1000003; return t; }`,
};
export const ENDLESS: Record<Language, string> = {
  python: 'def solve():\n    while True: pass\n',
  javascript: 'function solve() { for (;;); }',
};
export const PAIRS: [number[], number][] = Array.from({ length: 20 }, (_, i) => [
  [...Array.from({ length: 10 }, (_, k) => 100 + 7 * k), i, i + 1],
  2 * i + 1,
]);

export function reference(n: number): number {
  let t = 0;
  for (let i = 0; i < n; i++) t = (t * 31 + i) % 1_000_003;
  return t;
}

/** What children are started on: the image, and bubblewrap where it is found. */
export type Ground = { snapshot: Snapshot; container: Container | null };

/** A booted child of its own. @throws Error when it does not come up. */
export async function booted(language: Language, { snapshot, container }: Ground): Promise<Sandbox> {
  const uid = process.geteuid?.() === 0 ? 61_000 : null;
  const rest = { clock: availableClock(), uid, background: false, light: false, container };
  const sandbox = bootSandbox(language, snapshot, rest);
  if (!(await sandbox.ready)) throw new Error(`${language} does not boot`);
  return sandbox;
}
export async function ended(sandbox: Sandbox): Promise<void> {
  sandbox.kill();
  await sandbox.closed;
}

/** @throws RangeError for no values. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  if (value === undefined) throw new RangeError('no values');
  return value;
}
export const middle = (values: readonly number[]) => quantile(values, 0.5);
const load = () => loadavg()[0] ?? 0;

export function noise(): string {
  return `load ${load().toFixed(1)}${load() > NOISY_LOAD ? ' NOISY' : ''}`;
}
/** One figure beside its goal. */
export function tell(
  what: string,
  value: number,
  unit: string,
  goal?: { most?: number; least?: number },
): void {
  const { most, least } = goal ?? {};
  const met = (most === undefined || value <= most) && (least === undefined || value >= least);
  const wanted = most !== undefined ? `<= ${most}` : least !== undefined ? `>= ${least}` : '';
  const verdict = wanted === '' ? '' : `   goal ${wanted} ${unit}: ${met ? 'met' : 'MISSED'}`;
  say(`  ${what.padEnd(52)} ${value.toFixed(1).padStart(8)} ${unit.padEnd(5)}${verdict}`);
}
