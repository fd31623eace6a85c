import type { Evaluation } from '#contract/submissions.ts';
import type { Task } from '#contract/tasks.ts';
import type { Learner } from './api.ts';

export type Judged = { evaluation: Evaluation; task: Task };

/** A problem of our own that the tests below know: length of the longest run of equal neighbours. */
export const PLATEAU = 'arrays-longest-plateau';

/** Answers to PLATEAU by the verdict they must get. */
export const PLATEAU_CODE = {
  python: {
    AC: `def longest_plateau(heights):
    best = run = 0
    for i, h in enumerate(heights):
        run = run + 1 if i and heights[i - 1] == h else 1
        best = max(best, run)
    return best`,
    WA: 'def longest_plateau(heights):\n    return len(heights)',
    TLE: 'def longest_plateau(heights):\n    while True:\n        pass',
    RE: 'def longest_plateau(heights):\n    print("looking")\n    return heights[10 ** 6]',
    CE: 'def longest_plateau(heights:\n    return 1',
  },
  javascript: {
    AC: `function longest_plateau(heights) {
  let best = 0, run = 0;
  heights.forEach((h, i) => { run = i > 0 && heights[i - 1] === h ? run + 1 : 1; best = Math.max(best, run); });
  return best;
}`,
    WA: 'const longest_plateau = (heights) => heights.length;',
    TLE: 'function longest_plateau(heights) { for (;;) {} }',
    RE: 'function longest_plateau(heights) { console.log("looking"); return heights.missing.length; }',
    CE: 'function longest_plateau(heights { return 1; }',
  },
} as const;

/** Keeps a slot busy for a moment: right, but slow on purpose (about a second of CPU time over all tests). */
export const SLOW_RIGHT = `def longest_plateau(heights):
    total = 0
    for i in range(400000):
        total += i
    best = run = 0
    for i, h in enumerate(heights):
        run = run + 1 if i and heights[i - 1] == h else 1
        best = max(best, run)
    return best`;

/** Submits the JavaScript answer to PLATEAU that must get this verdict, and returns what was judged. */
export async function submitFor(
  { client }: Pick<Learner, 'client'>,
  taskId: string,
  verdict: keyof typeof PLATEAU_CODE.javascript,
): Promise<Judged> {
  const code = PLATEAU_CODE.javascript[verdict];
  const judged = await client.submitCode(taskId, { language: 'javascript', code });
  if (judged.evaluation.verdict !== verdict) {
    throw new Error(`${verdict} was expected: ${JSON.stringify(judged.evaluation)}`);
  }
  return judged;
}
