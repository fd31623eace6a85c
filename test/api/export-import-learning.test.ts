import { expect, test } from 'vitest';
import { Module } from '#contract/vocabulary.ts';
import { inDatabase, newLearner } from '../support/api.ts';
import { busyLearner, everythingOf, forget, learnt, restore } from '../support/imports.ts';

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

test('thousands of topics, modules, cards and reviews are exported once each and restored in batches', async () => {
  const { learner } = await busyLearner();
  await inDatabase(
    `with topics as (
       insert into mastery select user_id, 'topic ' || k, rating + k / 7.0, k, reason, rule_version, version, updated_at
       from (select * from mastery where user_id = $1 limit 1) m, generate_series(1, 2100) k
     ), paths as (
       insert into study_paths (id, user_id, track_id, config, created_at, updated_at)
       select gen_random_uuid(), user_id, track_id, config, created_at - n * interval '1 day', updated_at
       from study_paths, generate_series(1, 160) n where user_id = $1 returning id
     ) select json_agg(id) from paths`,
    [learner.id],
  );
  await inDatabase(
    `with levels as (
       insert into module_states select p.id, named, difficulty, successes, reason, rule_version, 2, s.updated_at
       from module_states s, study_paths p, unnest($2::text[]) named
       where s.path_id in (select id from study_paths where user_id = $1) and p.user_id = $1 and p.id <> s.path_id
     ), cards as (
       insert into review_queue (user_id, problem_id, path_id, module, topic_tags, difficulty, due_day, state,
         rule_version, version, updated_at)
       select user_id, 'problem ' || n, path_id, module, topic_tags, difficulty, due_day, state, rule_version, version,
         updated_at
       from review_queue, generate_series(0, 2099) n where user_id = $1
     ) insert into review_log select gen_random_uuid(), user_id, 'problem ' || n % 2100, task_id, n / 2100 + 1, log,
         undone_at, created_at
       from review_log, generate_series(0, 4199) n where user_id = $1 and seq = 2`,
    [learner.id, Module.options],
  );
  const before = await everythingOf(learner);
  expect(before.counts).toMatchObject({
    module_states: 160 * Module.options.length + 1,
    review_queue: 2101,
    review_log: 4202,
  });
  expect(before.counts.mastery).toBeGreaterThan(2100);
  const places = before.review_log.map(({ problem_id, seq }) => `${problem_id} ${seq}`);
  expect(new Set(places).size).toBe(4202);

  const other = await newLearner('seeded');
  expect(await restore(before, other.id)).toMatchObject({ code: 0, stderr: '' });
  expect(learnt(await everythingOf(other))).toEqual(learnt(before));
});
