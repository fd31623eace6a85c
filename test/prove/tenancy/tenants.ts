import { randomUUID } from 'node:crypto';
import type { PathCreated } from '#contract/paths.ts';
import type { Lane } from '../kit/lanes.ts';
import type { Answer, Ask, Product } from '../kit/product.ts';
import { codeOf } from '../kit/scripted-evaluator.ts';

export type Tenant = {
  token: string;
  /** Stands in everything that this learner has written. */
  canary: string;
  path: string;
  task: string;
  submission: string;
  cursor: string;
  ask(path: string, options?: Ask): Promise<Answer>;
};

/** A learner with a history of every kind, all texts of which hold a canary. */
export async function openTenant(lane: Lane, product: Product, name: string): Promise<Tenant> {
  const learner = `${name}-${randomUUID()}`;
  const canary = `canary-${name}-${randomUUID()}`;
  const token = await lane.signer.tokenFor(learner);
  const ask = (path: string, options: Ask = {}) => product.ask(path, { ...options, token });
  const made = (await ask('/v1/study-paths', { body: {} })).body as PathCreated;
  const path = made.path.id;
  const lesson = {
    problem_id: `lesson-${name}`,
    kind: 'lesson',
    module: 'hashing',
    difficulty: 1,
    topic_tags: [canary.slice(0, 60)],
    scheduled_at: new Date().toISOString(),
    reason: canary,
  };
  await ask('/v1/study-tasks/batch', { body: { path_id: path, tasks: [lesson] } });
  const task = made.tasks[0]?.id ?? '';
  const note = { method: 'PATCH', body: { metadata: { note: canary } } };
  await ask(`/v1/study-tasks/${task}`, note);
  const code = `${codeOf({ who: learner, pass: 4, hold: 0 })} ${canary}`;
  const submitted = await ask(`/v1/study-tasks/${task}/submit`, { body: { language: 'python', code } });
  const { evaluation } = submitted.body as { evaluation: { submission_id: string } };
  await ask(`/v1/study-tasks/${task}/hint`, { body: { question: canary } });
  await product.settled();
  const page = await ask('/v1/study-tasks?limit=1');
  const cursor = (page.body as { next_cursor: string | null }).next_cursor ?? '';
  return { token, canary, path, task, submission: evaluation.submission_id, cursor, ask };
}

/** Everything that is stored about a tenant, as one text. */
export async function rowsOf(lane: Lane, { path }: Tenant): Promise<string> {
  const [found] = await lane.rows<{ all: string }>(
    `select concat(
       (select p::text from study_paths p where id = $1),
       (select string_agg(t::text, e'\\n' order by id) from study_tasks t where path_id = $1),
       (select string_agg(e::text, e'\\n' order by e.task_id, seq) from task_events e join study_tasks t on t.id = e.task_id
        where t.path_id = $1),
       (select string_agg(v::text, e'\\n' order by v.id) from task_evaluations v join study_tasks t on t.id = v.task_id
        where t.path_id = $1),
       (select string_agg(q::text, e'\\n' order by problem_id) from review_queue q where path_id = $1)) as all`,
    [path],
  );
  return found?.all ?? '';
}
