import { sql } from 'drizzle-orm';
import type { TaskSeed } from '#domain/tasks/batch.ts';
import { createTask } from '#domain/tasks/create.ts';
import { param, type Step, statement, step } from './statement.ts';
import { newTasks, type Stamp } from './task-rows.ts';

const raisePlan = statement<{ path_id: string }, never>(
  'raise-plan',
  'write',
  sql`update study_paths set plan_version = plan_version + 1 where id = ${param('path_id', 'uuid')}`,
);

/** The path's plan is another from now on: what was decided on the one before is stale. */
export function raisedPlan(pathId: string): Step<never> {
  return step(raisePlan, { path_id: pathId });
}

/** Gives the path these tasks, with their `created` events. @param path `config` as stored. */
export function givenTasks(
  seeds: readonly TaskSeed[],
  path: { id: string; config: Record<string, unknown> },
  stamp: Stamp,
): Step<never>[] {
  const created = seeds.map((seed) => createTask(seed, path, stamp.now));
  return newTasks(
    created.map(({ task }) => task),
    created.map(({ task, fact }) => ({ task_id: task.id, seq: 1, fact })),
    stamp,
  );
}
