import type { PathConfig } from '#contract/paths.ts';
import type { ProblemSummary } from '#contract/problem-bank.ts';
import { MODULE_NAMES } from '../learning/index.ts';
import type { TaskSeed } from '../tasks/index.ts';

/** Where every path begins (system design, section 4: "arrays-strings module, difficulty 1-2"). */
export const FIRST_MODULE = 'arrays-strings';
export const FIRST_DIFFICULTIES = [1, 2] as const;

const DAY = 86_400_000;
const MINUTE = 60_000;

/**
 * Chooses the first tasks of a path: easiest first, problems with an estimate of their minutes before those without
 * (somebody has looked at them), then by id, so that the same catalogue gives the same path. They are spread over the
 * days by `config.tasks_per_day`, a minute apart within a day to keep their order.
 * @param now RFC 3339; the first task is scheduled for it.
 */
export function planFirstTasks(
  catalogue: readonly ProblemSummary[],
  config: PathConfig,
  now: string,
  newId: () => string,
): TaskSeed[] {
  const start = Date.parse(now);
  return catalogue
    .filter(
      (problem) =>
        problem.module === FIRST_MODULE && FIRST_DIFFICULTIES.some((d) => d === problem.difficulty),
    )
    .toSorted(
      (a, b) =>
        a.difficulty - b.difficulty ||
        Number(a.expected_minutes === null) - Number(b.expected_minutes === null) ||
        (a.problem_id < b.problem_id ? -1 : 1),
    )
    .slice(0, config.initial_tasks)
    .map((problem, index) => {
      const day = Math.floor(index / config.tasks_per_day);
      const scheduled_at = new Date(
        start + day * DAY + (index % config.tasks_per_day) * MINUTE,
      ).toISOString();
      return {
        id: newId(),
        kind: 'problem',
        problem_id: problem.problem_id,
        module: problem.module,
        topic_tags: problem.topic_tags,
        difficulty: problem.difficulty,
        scheduled_at,
        retry_of: null,
        metadata: {
          reason: `A first problem in ${MODULE_NAMES[problem.module]}, difficulty ${problem.difficulty}.`,
        },
      };
    });
}
