import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Arena, openArena, type ProgramSet, programsOf, survivors } from '../support/evaluator-arena.ts';

const TIMEOUT_MS = 180_000;

let arena: Arena;
beforeAll(async () => {
  arena = await openArena({ slots: 2 });
});
afterAll(async () => {
  await arena.close();
  if (process.platform === 'linux') expect(survivors()).toEqual([]);
});

async function contained(program: Parameters<Arena['fight']>[0]): Promise<void> {
  expect((await arena.fight(program)).breaches).toEqual([]);
  expect((await fetch(`${arena.service.url}/health`)).status).toBe(200);
}

const SETS: [set: ProgramSet, what: string][] = [
  ['benign', 'gets its verdict'],
  ['hostile', 'is contained'],
  ['own', 'is contained'],
];
describe.each(SETS)('%s programs', (set, what) => {
  const programs = programsOf(set);
  test.skipIf(programs.length > 0)('skipped: their folder ../shared/evaluation is missing', () => {});
  test.concurrent.each(programs)(`$id ${what}`, { timeout: TIMEOUT_MS }, contained);
});
