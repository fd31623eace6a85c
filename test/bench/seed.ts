import pg from 'pg';
import { Module } from '#contract/vocabulary.ts';

/** A learner with a history of a known size. */
export type Seeded = { learner: string; pathId: string; tasks: number; taskId: string };

/**
 * Writes learners with `created`, `started` and `status_changed` for each of their finished tasks, behind the API's
 * back: three events a task, as a learner who skips or is judged once leaves at least.
 */
export async function seedLearners(
  databaseUrl: string,
  histories: readonly { learner: string; tasks: number }[],
): Promise<Seeded[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const seeded: Seeded[] = [];
    for (const { learner, tasks } of histories) {
      const [path] = (
        await client.query<{ id: string }>(
          `insert into study_paths (user_id, config) values ($1, '{"initial_tasks": 8, "tasks_per_day": 4,
             "expiry_hours": 168, "completion": "first_attempt", "idle_cap_minutes": 120, "time_zone": "Europe/Berlin"}')
           returning id`,
          [learner],
        )
      ).rows;
      if (path === undefined) throw new Error('no path');
      const { rows } = await client.query<{ id: string }>(
        `with made as (
           insert into study_tasks (path_id, problem_id, module, topic_tags, difficulty, scheduled_at, started_at,
             completed_at, expires_at, status, score, time_spent_seconds, attempts, version, metadata, created_at)
           select $1, 'seeded-' || n, m.module, array[m.module, 'topic-' || n % 40], 1 + n % 5, at, at + interval '1 hour',
             case when open then null else at + interval '2 hours' end, timestamptz '2199-01-01',
             case when open then 'in_progress' else 'completed' end,
             case when open then null else (n % 11) / 10.0 end, case when open then null else 1200 end,
             case when open then 0 else 1 end, case when open then 2 else 3 end,
             case when open then '{}' else jsonb_build_object('first_score', (n % 11) / 10.0) end, at
           from generate_series(1, $2::integer) n,
             lateral (select timestamptz '2024-01-01' + n * interval '10 minutes' as at,
                      ($3::text[])[1 + n % 14] as module, n = $2 as open) m
           returning id, version, scheduled_at
         ), judged as (
           insert into task_evaluations (id, task_id, submission_id, attempt, language, code, status, verdict,
             test_cases_passed, test_cases_total, score, next_redrive_at, created_at)
           select gen_random_uuid(), id, gen_random_uuid(), 1, 'python', 'sealed', 'failed', 'IE', null, null, null,
             scheduled_at, scheduled_at + interval '2 hours'
           from made where version = 3 and abs(hashtext(id::text)) % 4 = 0
         ), logged as (
           insert into task_events (task_id, seq, event_type, payload, actor, occurred_at)
           select id, seq, (array['created', 'started', 'status_changed'])[seq], '{}', '{"type": "learner"}', scheduled_at
           from made, generate_series(1, version) seq)
         select id from made order by version desc, abs(hashtext(id::text)) % 4 desc limit 1`,
        [path.id, tasks, Module.options],
      );
      seeded.push({ learner, pathId: path.id, tasks, taskId: rows[0]?.id ?? '' });
    }
    await client.query('vacuum analyze');
    return seeded;
  } finally {
    await client.end();
  }
}
