import type { ProblemSummary } from '#contract/problem-bank.ts';
import type { NewTask } from '#contract/tasks.ts';
import type { Difficulty, Module, TaskKind } from '#contract/vocabulary.ts';

/** A task to insert; its expiry follows from the path's config, in the inserting statement. */
export type TaskSeed = {
  id: string;
  kind: TaskKind;
  problem_id: string;
  module: Module;
  topic_tags: string[];
  difficulty: Difficulty;
  scheduled_at: string;
  retry_of: string | null;
  metadata: Record<string, string | number>;
};

export type BadTask = { index: number; field: string; message: string };

type Planning = {
  catalogue: ReadonlyMap<string, ProblemSummary>;
  newId: () => string;
  /** Whether the batch may say itself what a problem is about: the orchestrator's may, a learner's own may not. */
  stated: boolean;
};

type About = { [Key in 'module' | 'difficulty' | 'topic_tags']: TaskSeed[Key] | undefined };

/**
 * What a task is about. The bank says it, unless the batch may; a lesson outside the bank, which nothing judges and no
 * mastery is made of, says it itself.
 */
function aboutOf(task: NewTask, known: ProblemSummary | undefined, stated: boolean): About {
  if (known !== undefined && !stated) return known;
  return {
    module: task.module ?? known?.module,
    difficulty: task.difficulty ?? known?.difficulty,
    topic_tags: task.topic_tags ?? known?.topic_tags,
  };
}

/**
 * Completes the tasks of a batch from the catalogue.
 * @returns the seeds, or every task that cannot be one.
 */
export function planBatch(
  tasks: readonly NewTask[],
  { catalogue, newId, stated }: Planning,
): { seeds: TaskSeed[]; bad: BadTask[] } {
  const bad: BadTask[] = [];
  const seeds = tasks.flatMap((task, index) => {
    const known = catalogue.get(task.problem_id);
    if (known === undefined && task.kind !== 'lesson') {
      bad.push({ index, field: 'problem_id', message: 'is not in the problem bank' });
      return [];
    }
    const { module, difficulty, topic_tags = [] } = aboutOf(task, known, stated);
    if (module === undefined || difficulty === undefined) {
      const field = module === undefined ? 'module' : 'difficulty';
      bad.push({ index, field, message: 'is required for a lesson outside the problem bank' });
      return [];
    }
    return {
      id: newId(),
      kind: task.kind,
      problem_id: task.problem_id,
      module,
      topic_tags,
      difficulty,
      scheduled_at: task.scheduled_at,
      retry_of: task.retry_of ?? null,
      metadata: {
        ...(task.reason === undefined ? {} : { reason: task.reason }),
        ...(task.retry_of === undefined ? {} : { retry_of: task.retry_of }),
      },
    };
  });
  return { seeds, bad };
}
