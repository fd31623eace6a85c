import { expect, test } from 'vitest';
import { RECORD_LEARNT } from '#cli/import/statements.ts';
import { Progress } from '#contract/progress.ts';
import { Module } from '#contract/vocabulary.ts';
import { inDatabase, newLearner } from '../support/api.ts';
import { ownerVars, runCommand } from '../support/commands.ts';
import {
  busyLearner,
  everythingOf,
  expectSoundLog,
  forget,
  lasting,
  learnt,
  restore,
} from '../support/imports.ts';
import { PLATEAU, PLATEAU_CODE } from '../support/submissions.ts';

test('a problem that went on here since keeps its card and its reviews, also when its card is gone', async () => {
  const { learner, taskId } = await busyLearner();
  const before = await everythingOf(learner);
  const task = `/v1/study-tasks/${taskId}`;
  expect((await learner.call(`${task}/review`, { method: 'DELETE' })).status).toBe(200);
  const undone = await everythingOf(learner);
  expect(undone.counts.review_queue).toBe(0);
  expect(await restore(before, learner.id)).toMatchObject({ code: 0, stderr: '' });
  expect(learnt(await everythingOf(learner))).toEqual(learnt(undone));

  await forget(learner);
  await restore(before, learner.id);
  expect((await learner.post(`${task}/grade`, { grade: 'easy' })).status).toBe(200);
  const regraded = await everythingOf(learner);
  expect(regraded.counts.review_log).toBe(3);
  await restore(before, learner.id);
  expect(learnt(await everythingOf(learner))).toEqual(learnt(regraded));
});

test('thousands of topics, modules and cards are exported once each and restored in parts', async () => {
  const { learner } = await busyLearner();
  await inDatabase(
    `with topics as (
       insert into mastery select user_id, 'topic ' || k, rating + k / 7.0, k, reason, rule_version, version, updated_at
       from (select * from mastery where user_id = $1 limit 1) m, generate_series(1, 2100) k
     ), paths as (
       insert into study_paths (id, user_id, track_id, config, created_at, updated_at)
       select gen_random_uuid(), user_id, track_id, config, created_at - n * interval '1 day',
         created_at - n * interval '1 day'
       from study_paths, generate_series(1, 160) n where user_id = $1 returning id, track_id, config, created_at
     ), begun as (
       insert into path_events (path_id, event_type, payload, actor, occurred_at)
       select id, 'path_created', jsonb_build_object('track_id', track_id, 'config', config),
         '{"type": "learner"}', created_at from paths
     ) select json_agg(id) from paths`,
    [learner.id],
  );
  await inDatabase(
    `with levels as (
       insert into module_states select p.id, named, difficulty, successes, reason, rule_version, 2, s.updated_at
       from module_states s, study_paths p, unnest($2::text[]) named
       where s.path_id in (select id from study_paths where user_id = $1) and p.user_id = $1 and p.id <> s.path_id
     ) insert into review_queue (user_id, problem_id, path_id, module, topic_tags, difficulty, due_day, state,
         rule_version, version, updated_at)
       select user_id, 'problem ' || n, path_id, module, topic_tags, difficulty, due_day, state, rule_version, version,
         updated_at
       from review_queue, generate_series(0, 2099) n where user_id = $1`,
    [learner.id, Module.options],
  );
  // The log must say so, too.
  await inDatabase(RECORD_LEARNT, [learner.id]);
  const before = await everythingOf(learner);
  expect(before.counts).toMatchObject({
    paths: 161,
    path_events: 161,
    learner_events: 1,
    module_states: 160 * Module.options.length + 1,
    review_queue: 2101,
  });
  expect(before.counts.mastery).toBeGreaterThan(2100);
  const places = before.review_queue.map(({ problem_id }) => problem_id);
  expect(new Set(places).size).toBe(2101);

  const other = await newLearner('seeded');
  expect(await restore(before, other.id)).toMatchObject({ code: 0, stderr: '' });
  expect(learnt(await everythingOf(other))).toEqual(learnt(before));
  await expectSoundLog(other.id);
});

test('two histories make one: mastery counts the results of both, a problem once, and each review stays', async () => {
  const { learner: one } = await busyLearner();
  const { learner: other, taskId } = await busyLearner();
  const { path: own } = await other.newPath();
  const newer = await other.newTask(own.id, 'arrays-busiest-window');
  await other.client.submitCode(newer, { language: 'python', code: PLATEAU_CODE.python.WA });
  const [theirs, mine] = [await everythingOf(one), await everythingOf(other)];
  const run = await restore(theirs, other.id);
  expect(run).toMatchObject({ code: 0, stderr: '' });
  expect(run.stdout).toContain('are merged');
  const both = await everythingOf(other);
  for (const section of ['paths', 'tasks', 'evaluations', 'events', 'review_log', 'module_states'] as const)
    expect([section, both.counts[section]]).toEqual([section, mine.counts[section] + theirs.counts[section]]);
  // Both have solved the one problem that `theirs` knows: it counts once.
  const figures = ({ mastery }: typeof mine) => mastery.map(({ topic, n, rating }) => [topic, n, rating]);
  expect(figures(both)).toEqual(figures(mine));
  const reviews = both.review_log.filter(({ problem_id }) => problem_id === PLATEAU);
  expect(reviews.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
  const card = both.review_queue.find(({ problem_id }) => problem_id === PLATEAU);
  expect(card?.state.reps).toBe(2);
  await expectSoundLog(other.id);
  const moment = mine.events.find(({ task_id, event_type }) => task_id === taskId && event_type === 'graded');
  for (const { id } of mine.paths.filter(({ created_at }) => created_at < (moment?.created_at ?? ''))) {
    const past = await other.call(`/v1/study-paths/${id}/progress?as_of=${moment?.created_at}`);
    expect(past.status).toBe(200);
  }
  await restore(theirs, other.id);
  expect(lasting(await everythingOf(other))).toEqual(lasting(both));
});

test('an export from before events had positions is restored by its rows, and its past can be asked for', async () => {
  const { learner } = await busyLearner();
  const document = await everythingOf(learner);
  const { path_events: _, learner_events: __, counts, ...rest } = document;
  const { path_events: ___, learner_events: ____, ...older } = counts;
  const events = document.events.map(({ position: _____, ...event }) => event);
  const other = await newLearner();
  const run = await restore({ ...rest, events, counts: older }, other.id);
  expect(run).toMatchObject({ code: 0, stderr: '' });
  expect(run.stdout).toContain('an older export');
  const copy = await everythingOf(other);
  expect(learnt(copy)).toEqual(learnt(document));
  await expectSoundLog(other.id);
  const graded = document.events.find(({ event_type }) => event_type === 'graded')?.created_at;
  const past = await other.call(`/v1/study-paths/${copy.paths[0]?.id}/progress?as_of=${graded}`);
  expect(past.status).toBe(200);
});

test('regression: a problem that both sides have tried has one first try, the one that is here', async () => {
  const { learner: earlier } = await busyLearner();
  const { learner, taskId } = await busyLearner();
  /** First tries that the figures of all paths count together. */
  const tries = async () => {
    let sum = 0;
    for (const { id } of (await everythingOf(learner)).paths)
      sum += Progress.parse((await learner.call(`/v1/study-paths/${id}/progress`)).body).totals.first_try.n;
    return sum;
  };
  const before = await everythingOf(learner);
  expect(await tries()).toBe(1);
  expect(await restore(await everythingOf(earlier), learner.id)).toMatchObject({ code: 0, stderr: '' });
  const after = await everythingOf(learner);
  expect(after.counts.tasks).toBeGreaterThan(before.counts.tasks);
  expect(await tries()).toBe(1);
  const judged = after.tasks.filter(({ metadata }) => metadata.first_score !== undefined);
  expect(judged).toHaveLength(2);
  for (const { id, metadata } of judged)
    expect([id, metadata.repeat]).toEqual([id, id === taskId ? undefined : true]);
  // Mastery counts the problem once, too.
  expect(after.mastery.map(({ topic, n }) => [topic, n])).toEqual(
    before.mastery.map(({ topic, n }) => [topic, n]),
  );
  await expectSoundLog(learner.id);
  const sums = await runCommand(
    'rebuild-rollups.ts',
    after.paths.map(({ id }) => id),
    await ownerVars(),
  );
  expect(sums.stdout).toContain('; 0 rows were');
});
