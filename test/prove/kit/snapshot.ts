import type { TaskEvent } from '#contract/events.ts';
import type { Lane } from './lanes.ts';

export type TaskRow = {
  id: string;
  path_id: string;
  kind: string;
  problem_id: string;
  status: string;
  version: number;
  score: number | null;
  started_at: string | null;
  completed_at: string | null;
  completed_day: string | null;
  expires_at: string;
  time_spent_seconds: number | null;
  hints_used: number;
  attempts: number;
  pending_evaluations: number;
  metadata: Record<string, unknown>;
};

export type EvaluationRow = {
  id: string;
  task_id: string;
  submission_id: string;
  attempt: number;
  run: number;
  day: string | null;
  status: string;
  verdict: string | null;
  score: number | null;
  judge_faults: number;
};

export type EventRow = Pick<TaskEvent, 'task_id' | 'seq' | 'actor' | 'request_id'> & {
  event_type: TaskEvent['event_type'];
  payload: Record<string, unknown>;
  /** Milliseconds since 1970. */
  occurred: number;
};

export type PathRow = {
  id: string;
  user_id: string;
  config: { completion?: string };
  /** Tasks by status as the counters say. */
  counted: Record<string, number>;
};

export type MasteryRow = { topic: string; rating: number; n: number };

/** Everything that a lane's database holds of its history at one instant. */
export type Snapshot = {
  paths: PathRow[];
  tasks: TaskRow[];
  events: EventRow[];
  evaluations: EvaluationRow[];
  mastery: MasteryRow[];
};

const SQL = `select
  (select coalesce(json_agg(json_build_object('id', p.id, 'user_id', p.user_id, 'config', p.config, 'counted', (
      select json_build_object('scheduled', coalesce(sum(scheduled), 0), 'in_progress', coalesce(sum(in_progress), 0),
        'completed', coalesce(sum(completed), 0), 'skipped', coalesce(sum(skipped), 0),
        'expired', coalesce(sum(expired), 0)) from progress_counters c where c.path_id = p.id and c.scope = 'module'))
    ), '[]') from study_paths p) as paths,
  (select coalesce(json_agg(t), '[]') from study_tasks t) as tasks,
  (select coalesce(json_agg(json_build_object('task_id', task_id, 'seq', seq, 'event_type', event_type,
    'payload', event_payload(event_type, payload, personal), 'actor', actor, 'request_id', request_id, 'occurred', extract(epoch from occurred_at) * 1000)
    order by task_id, seq), '[]') from task_events) as events,
  (select coalesce(json_agg(e), '[]') from (select id, task_id, submission_id, attempt, run, day, status, verdict, score, judge_faults
    from task_evaluations) e) as evaluations,
  (select coalesce(json_agg(m), '[]') from (select topic, rating, n from mastery) m) as mastery`;

export async function snapshot(lane: Lane): Promise<Snapshot> {
  const [found] = await lane.rows<Snapshot>(SQL);
  if (found === undefined) throw new Error('no snapshot');
  return found;
}
