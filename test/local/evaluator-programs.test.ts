import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findBubblewrap } from '../../src/services/evaluator/bubblewrap.ts';
import { type Arena, openArena, type ProgramSet, programsOf, survivors } from '../support/evaluator-arena.ts';

const TIMEOUT_MS = 180_000;
/** Without bubblewrap every third attack is run, and all of them when this is set. */
const EVERY_PROGRAM = process.env.EVERY_PROGRAM === '1';

const installed = (await findBubblewrap()) !== null;

type Setting = [where: string, bubblewrap: boolean, sets: [set: ProgramSet, what: string][]];
const ATTACKS: [ProgramSet, string][] = [
  ['hostile', 'is contained'],
  ['own', 'is contained'],
];
const SETTINGS: Setting[] = [
  ['in bubblewrap', true, [['benign', 'gets its verdict'], ...ATTACKS]],
  ['without bubblewrap', false, installed ? ATTACKS : [['benign', 'gets its verdict'], ...ATTACKS]],
];

describe.each(SETTINGS)('%s', (_where, bubblewrap, sets) => {
  const skipped = bubblewrap && !installed;
  let arena: Arena | null = null;
  beforeAll(async () => {
    if (!skipped) arena = await openArena({ slots: 2, bubblewrap });
  });
  afterAll(async () => {
    await arena?.close();
    if (process.platform === 'linux') expect(survivors()).toEqual([]);
  });
  test.skipIf(!skipped)('skipped: bubblewrap is not installed', () => {});

  describe.skipIf(skipped).each(sets)('%s programs', (set, what) => {
    const isSample = installed && !bubblewrap && !EVERY_PROGRAM;
    const programs = programsOf(set).filter((_, index) => !isSample || index % 3 === 0);
    test.concurrent.each(programs)(`$id ${what}`, { timeout: TIMEOUT_MS }, async (program) => {
      if (arena === null) throw new Error('no arena');
      expect((await arena.fight(program)).breaches).toEqual([]);
      expect((await fetch(`${arena.service.url}/health`)).status).toBe(200);
    });
  });
});
