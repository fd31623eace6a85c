import { dropTasks, inDatabase, type Learner } from './api.ts';
import { watch } from './watch.ts';

const seeded: string[] = [];

/**
 * Tasks straight into the database, `count` of them a minute apart, with free texts in their metadata. They never
 * expire: no cron of another test shall meet them.
 */
export async function seedTasks(
  pathId: string,
  count: number,
  texts: readonly string[] = ['because'],
): Promise<void> {
  seeded.push(pathId);
  await inDatabase(
    `insert into study_tasks (path_id, problem_id, module, topic_tags, difficulty, scheduled_at, started_at,
       completed_at, expires_at, status, score, time_spent_seconds, metadata, created_at)
     select $1, 'problem-' || i, (array['hashing', 'greedy', 'heaps'])[1 + i % 3], array['tag;' || i % 5, 'a\\b'],
       1 + i % 5, at, case when done then at end, case when done then at end, '2199-01-01',
       case when done then 'completed' else 'scheduled' end, case when done then (i % 11) / 10.0 end, i % 600,
       jsonb_build_object('reason', ($3::text[])[1 + i % cardinality($3::text[])],
         'notes', ($3::text[])[1 + (i + 1) % cardinality($3::text[])], 'number', -i, 'nothing', null),
       '2026-01-01T00:00:00Z'
     from (select i, i % 2 = 0 as done, '2026-01-01T00:00:00Z'::timestamptz + i * interval '1 minute' as at
           from generate_series(1, $2::int) i) s`,
    [pathId, count, texts],
  );
}

/** Takes the tasks of seeded paths away: later tests search the whole database, which is ten times as large with them. */
export async function dropSeeded(): Promise<void> {
  await dropTasks(seeded.splice(0));
}

/** The text of an export; asks for it uncompressed. */
export async function download(
  learner: Learner,
  query: string,
): Promise<{ response: Response; text: string }> {
  const route = `/v1/study-tasks/export?${query}`;
  const response = await learner.send(route, { headers: { 'accept-encoding': 'identity' } });
  const text = await response.text();
  watch('GET', route, response, text);
  return { response, text };
}
