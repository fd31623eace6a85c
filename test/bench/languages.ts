import { EvaluationRequest } from '#contract/evaluator.ts';
import type { Language } from '#contract/vocabulary.ts';
import { findBubblewrap } from '../../src/services/evaluator/bubblewrap.ts';
import { judge } from '../../src/services/evaluator/judge.ts';
import { JAVASCRIPT_TIME_SHARE } from '../../src/services/evaluator/limits.ts';
import { openSnapshot } from '../../src/services/evaluator/snapshot.ts';
import { ALGORITHMS, type Algorithm } from './algorithms.ts';
import { booted, ended, type Ground, middle, noise } from './evaluator-kit.ts';
import { say } from './kit.ts';

const ROUNDS = 3;
/** Slow enough for any round: the limits are what is measured for. */
const LIMIT_MS = 5000;

/** CPU milliseconds of one call in a fresh child, and what it gave. */
async function measure(ground: Ground, language: Language, algorithm: Algorithm, expected: unknown) {
  const sandbox = await booted(language, ground);
  try {
    const request = EvaluationRequest.parse({
      ...{ submission_id: 'bench', language, entry_point: 'solve', code: algorithm[language] },
      ...{ comparison: 'exact', signature: null, limits: { time_ms: LIMIT_MS } },
      tests: [{ number: 1, hidden: false, args: [algorithm.n], expected }],
    });
    const { tests } = await judge(sandbox, request);
    const [only] = tests;
    if (only === undefined || only.hidden) throw new Error('no visible result');
    if (only.verdict !== 'AC' && only.verdict !== 'WA') {
      throw new Error(`${algorithm.name} in ${language}: ${only.verdict} ${only.error?.message ?? ''}`);
    }
    return { ms: only.runtime_ms, actual: only.actual };
  } finally {
    await ended(sandbox);
  }
}

/**
 * How much faster the same algorithms run in JavaScript than in Python, each in a fresh child as in a submission: the
 * measurement behind `JAVASCRIPT_TIME_SHARE`. @throws Error when the two languages disagree on a result.
 */
export async function benchLanguages(): Promise<void> {
  say(`${ALGORITHMS.length} algorithms, median of ${ROUNDS} fresh children each, CPU ms, ${noise()}\n`);
  say(
    `${'algorithm'.padEnd(32)} ${'Python'.padStart(8)} ${'JavaScript'.padStart(11)} ${'factor'.padStart(8)}`,
  );
  const snapshot = await openSnapshot();
  const ground: Ground = { snapshot, container: await findBubblewrap() };
  const factors: number[] = [];
  try {
    for (const algorithm of ALGORITHMS) {
      const python: number[] = [];
      const javascript: number[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        const one = await measure(ground, 'python', algorithm, null);
        const other = await measure(ground, 'javascript', algorithm, one.actual ?? null);
        if (one.actual !== other.actual) throw new Error(`${algorithm.name}: ${one.actual}, ${other.actual}`);
        python.push(one.ms);
        javascript.push(other.ms);
      }
      const [slow, fast] = [middle(python), middle(javascript)];
      factors.push(slow / fast);
      const figures = [slow.toFixed(0).padStart(8), fast.toFixed(1).padStart(11)];
      say(`${algorithm.name.padEnd(32)} ${figures.join(' ')} ${(slow / fast).toFixed(1).padStart(8)}`);
    }
  } finally {
    await snapshot.close();
  }
  const mean = Math.exp(factors.reduce((sum, factor) => sum + Math.log(factor), 0) / factors.length);
  const within = factors.filter((factor) => factor >= 1 / JAVASCRIPT_TIME_SHARE).length;
  say(
    `\ngeometric mean ${mean.toFixed(1)}, least ${Math.min(...factors).toFixed(1)}, most ${Math.max(...factors).toFixed(1)}`,
  );
  say(
    `share in use ${JAVASCRIPT_TIME_SHARE} (a factor of ${1 / JAVASCRIPT_TIME_SHARE}); ${within} of ${factors.length} reach it; ${noise()}`,
  );
}
