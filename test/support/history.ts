import { Module, TaskStatus } from '#contract/vocabulary.ts';
import { inDatabase } from './api.ts';

/** What a seeded task looks like, so that a test can say itself which ones a filter means. */
export type SeededTask = {
  id: string;
  path_id: string;
  module: string;
  status: string;
  difficulty: number;
  kind: string;
  topic_tags: string[];
  scheduled_at: string;
};

/** Newest first; ids decide among tasks of one instant. */
export function newestFirst(a: SeededTask, b: SeededTask): number {
  if (a.scheduled_at !== b.scheduled_at) return a.scheduled_at < b.scheduled_at ? 1 : -1;
  return a.id < b.id ? 1 : -1;
}

/**
 * Adds tasks behind the API's back, because a batch of 500 takes a second: every module, status, kind and difficulty,
 * seven of them at each instant. They have no events.
 */
export async function seedTasks(pathId: string, count: number): Promise<SeededTask[]> {
  return inDatabase<SeededTask>(
    `insert into study_tasks (path_id, kind, problem_id, module, topic_tags, difficulty, scheduled_at, expires_at,
       status, started_at, completed_at)
     select $1, case h % 11 when 0 then 'review' when 1 then 'lesson' else 'problem' end, 'seeded-' || n,
       ($3::text[])[1 + h % 14], array['topic-' || h % 20, 'it''s "odd" {' || chr(10) || h % 3 || '}'], 1 + h % 5,
       timestamptz '2026-03-01' + n / 7 * interval '1 hour', timestamptz '2027-01-01', status,
       case status when 'in_progress' then timestamptz '2026-03-01' end,
       case status when 'completed' then timestamptz '2026-03-02' end
     from generate_series(1, $2::integer) n,
       lateral (select abs(hashint4(n)) as h, ($4::text[])[1 + abs(hashint4(n + 7)) % 5] as status) x
     returning id, path_id, module, status, difficulty, kind, topic_tags,
       to_char(scheduled_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as scheduled_at`,
    [pathId, count, Module.options, TaskStatus.options],
  );
}
