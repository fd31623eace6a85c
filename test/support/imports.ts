import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'vitest';
import { LearnerExport } from '#contract/export.ts';
import { behindTheLog, dropTasks, inDatabase, type Learner, newLearner, stack } from './api.ts';
import { runCommand, stackVars } from './commands.ts';
import { HOSTILE } from './csv.ts';
import { PLATEAU, PLATEAU_CODE } from './submissions.ts';

/** The learner's export of everything, checked against the contract. */
export async function everythingOf(learner: Learner): Promise<LearnerExport> {
  return LearnerExport.parse((await learner.call('/v1/me/export')).body);
}

/** Runs `npm run import` as an operator would, with the settings of this stack. */
export async function restore(content: unknown, user: string) {
  const home = await mkdtemp(path.join(tmpdir(), 'study-paths-import-'));
  const file = path.join(home, `${user}.json`);
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  const run = await runCommand('import.ts', [file, '--user', user], await stackVars());
  await rm(home, { recursive: true, force: true });
  return run;
}

/** Path, everything below it and mastery, as an erasure leaves it. */
export async function forget(learner: Learner): Promise<void> {
  await inDatabase('delete from mastery where user_id = $1', [learner.id]);
  const { paths } = await everythingOf(learner);
  await dropTasks(paths.map(({ id }) => id));
  await behindTheLog(
    `with begun as (delete from path_events where path_id in (select id from study_paths where user_id = '${learner.id}'))
     delete from study_paths where user_id = '${learner.id}'`,
  );
}

/** A learner who did one of everything: attempts, an own grade, a hint, a skip, notes, a task under way. */
export async function busyLearner() {
  const learner = await newLearner('seeded');
  const { path: studyPath, tasks } = await learner.newPath();
  const taskId = await learner.newTask(studyPath.id, PLATEAU);
  const route = `/v1/study-tasks/${taskId}`;
  for (const code of [PLATEAU_CODE.python.WA, `# ✓ "=1"\n${PLATEAU_CODE.python.AC}`])
    await learner.post(`${route}/submit`, { language: 'python', code });
  await learner.post(`${route}/grade`, { grade: 'hard' });
  await (await learner.send(`${route}/hint`, { body: { question: 'Where do I begin?' } })).text();
  await learner.call(route, { method: 'PATCH', body: { metadata: { notes: HOSTILE.join('|') } } });
  await learner.call(`/v1/study-tasks/${tasks[0]?.id}`, {
    method: 'PATCH',
    body: { status: 'skipped', reason: '=too easy' },
  });
  await learner.post(`/v1/study-tasks/${tasks[1]?.id}/start`);
  await expect
    .poll(async () => (await learner.events(taskId)).some((e) => e.event_type === 'tutor_interaction'), {
      timeout: 20_000,
    })
    .toBe(true);
  return { learner, taskId };
}

/** What must be equal after a round trip: idempotency keys are not restored, and each event has a new position. */
export function lasting({
  as_of: _,
  idempotency_keys: __,
  counts: ___,
  learner_id: ____,
  ...rest
}: LearnerExport) {
  const bare = <Row extends object>(rows: readonly Row[]) =>
    rows.map((row) => ({ ...row, position: undefined }));
  return {
    ...rest,
    events: bare(rest.events),
    path_events: bare(rest.path_events),
    learner_events: bare(rest.learner_events),
  };
}

/** What `npm run log:verify` prints of a learner whose log it finds sound. */
export async function expectSoundLog(learnerId: string): Promise<void> {
  const vars = { DATABASE_URL: stack.databaseUrl };
  const run = await runCommand('log/verify-command.ts', ['--user', learnerId], vars);
  expect(run.stdout).toContain('0 broken chains, 0 differences');
  expect(run.code).toBe(0);
}

/** What was learnt, with paths and tasks by what they are instead of by id. */
export function learnt({ paths, tasks, mastery, module_states, review_queue, review_log }: LearnerExport) {
  const names = new Map<string | null, string>([
    ...paths.map(({ id, created_at }) => [id, `path of ${created_at}`] as const),
    ...tasks.map(({ id, problem_id, scheduled_at }) => [id, `${problem_id} ${scheduled_at}`] as const),
  ]);
  const byName = (rows: readonly { path_id: string; module: string }[]) =>
    rows
      .map((row) => ({ ...row, path_id: names.get(row.path_id) }))
      .toSorted((a, b) => `${a.path_id} ${a.module}`.localeCompare(`${b.path_id} ${b.module}`));
  return {
    mastery,
    levels: byName(module_states),
    cards: review_queue.map((card) => ({
      ...card,
      path_id: names.get(card.path_id),
      task_id: names.get(card.task_id),
    })),
    reviews: review_log.map(({ id: _, ...review }) => ({ ...review, task_id: names.get(review.task_id) })),
  };
}
