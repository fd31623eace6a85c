import type { LearnerExport } from '#contract/export.ts';
import { Id } from '#contract/text.ts';

/** What was learnt from the results of the tasks. */
export type Learning = Pick<LearnerExport, 'mastery' | 'module_states' | 'review_queue' | 'review_log'>;

export const NOTHING_LEARNT: Learning = { mastery: [], module_states: [], review_queue: [], review_log: [] };

/** What is wrong with the rows: each must stand once and belong to a path or a task of the file. */
export function learningProblems(
  { mastery, module_states, review_queue, review_log }: Learning,
  paths: ReadonlySet<string>,
  tasks: ReadonlySet<string>,
): string[] {
  const problems: string[] = [];
  const once = (section: keyof Learning, keys: readonly unknown[][]) => {
    const seen = new Set<string>();
    for (const [at, key] of keys.map((parts) => JSON.stringify(parts)).entries()) {
      if (seen.has(key)) problems.push(`${section}.${at}: stands there twice`);
      seen.add(key);
    }
  };
  once(
    'mastery',
    mastery.map(({ topic }) => [topic]),
  );
  once(
    'module_states',
    module_states.map(({ path_id, module }) => [path_id, module]),
  );
  once(
    'review_queue',
    review_queue.map(({ problem_id }) => [problem_id]),
  );
  once(
    'review_log',
    review_log.map(({ problem_id, seq }) => [problem_id, seq]),
  );
  once(
    'review_log',
    review_log.map(({ id }) => [id]),
  );
  for (const section of ['module_states', 'review_queue'] as const)
    for (const [at, { path_id }] of { module_states, review_queue }[section].entries())
      if (!paths.has(path_id)) problems.push(`${section}.${at}.path_id: is not a path of this file`);
  for (const [at, { id, task_id }] of review_log.entries()) {
    if (!Id.safeParse(id).success) problems.push(`review_log.${at}.id: is not a UUID`);
    if (!tasks.has(task_id)) problems.push(`review_log.${at}.task_id: is not a task of this file`);
  }
  return problems;
}

/** The rows as they can be written: a review task that came in while the export was read is not in the file. */
export function learningOf(document: LearnerExport): Learning {
  const { mastery, module_states, review_log } = document;
  const tasks = new Set(document.tasks.map(({ id }) => id));
  const review_queue = document.review_queue.map((card) =>
    card.task_id === null || tasks.has(card.task_id) ? card : { ...card, task_id: null },
  );
  return { mastery, module_states, review_queue, review_log };
}

/**
 * What is there already stays. Card and reviews of a problem belong together, so that reviews which the file does not
 * know, or knows otherwise, keep all of the file's away from it; a batch holds all rows of its problems.
 */
export const INSERT_LEARNING = `with topics as (
  insert into mastery (user_id, topic, rating, n, reason, rule_version, version, updated_at)
  select $2::text, * from jsonb_to_recordset($1::jsonb->'mastery') as x(topic text, rating double precision,
    n integer, reason text, rule_version integer, version integer, updated_at timestamptz)
  on conflict do nothing
), levels as (
  insert into module_states (path_id, module, difficulty, successes, reason, rule_version, version, updated_at)
  select * from jsonb_to_recordset($1::jsonb->'module_states') as x(path_id uuid, module text, difficulty integer,
    successes integer, reason text, rule_version integer, version integer, updated_at timestamptz)
  on conflict do nothing
), reviews as materialized (
  select * from jsonb_to_recordset($1::jsonb->'review_log') as x(id uuid, problem_id text, task_id uuid, seq integer,
    log jsonb, undone_at timestamptz, created_at timestamptz)
), cards as materialized (
  select * from jsonb_to_recordset($1::jsonb->'review_queue') as x(problem_id text, path_id uuid, module text,
    topic_tags text[], difficulty integer, state jsonb, task_id uuid, rule_version integer, version integer,
    updated_at timestamptz)
), other as materialized (
  select g.problem_id from review_log g left join reviews r on r.id = g.id
  where g.user_id = $2::text and (r.id is null or r.undone_at is distinct from g.undone_at)
    and g.problem_id in (select problem_id from reviews union all select problem_id from cards)
), queued as (
  insert into review_queue (user_id, problem_id, path_id, module, topic_tags, difficulty, due_day, state, task_id,
    rule_version, version, updated_at)
  select $2::text, problem_id, path_id, module, topic_tags, difficulty, last_day_of(state) + (state->>'scheduled_days')::integer, state,
    task_id,
    rule_version, version, updated_at
  from cards where problem_id not in (select problem_id from other)
  on conflict do nothing
)
insert into review_log (id, user_id, problem_id, task_id, seq, log, undone_at, created_at)
select id, $2::text, problem_id, task_id, seq, log, undone_at, created_at
from reviews where problem_id not in (select problem_id from other)
on conflict do nothing`;

/** The rows as JSON for `INSERT_LEARNING`, each about as many bytes long; a problem is never split. */
export function* learningBatches(learning: Learning, bytes: number): Generator<string> {
  const { mastery, module_states, review_queue, review_log } = learning;
  const cards = Map.groupBy(review_queue, ({ problem_id }) => problem_id);
  const reviews = Map.groupBy(review_log, ({ problem_id }) => problem_id);
  const parts: Partial<Learning>[] = [
    ...mastery.map((row) => ({ mastery: [row] })),
    ...module_states.map((row) => ({ module_states: [row] })),
    ...[...new Set([...cards.keys(), ...reviews.keys()])].map((problem) => ({
      review_queue: cards.get(problem) ?? [],
      review_log: reviews.get(problem) ?? [],
    })),
  ];
  let held: Learning = structuredClone(NOTHING_LEARNT);
  let size = 0;
  for (const [at, part] of parts.entries()) {
    held.mastery.push(...(part.mastery ?? []));
    held.module_states.push(...(part.module_states ?? []));
    held.review_queue.push(...(part.review_queue ?? []));
    held.review_log.push(...(part.review_log ?? []));
    size += Buffer.byteLength(JSON.stringify(part));
    if (size < bytes && at + 1 < parts.length) continue;
    yield JSON.stringify(held);
    held = structuredClone(NOTHING_LEARNT);
    size = 0;
  }
}
