import { type SQL, sql } from 'drizzle-orm';
import type { Database } from '../db/client.ts';
import { iso } from '../db/fragments.ts';
import { param, statement } from '../db/statement.ts';
import { asOf, type Bounds, learner, PAGE_ROWS, type Page, pageOf } from './pages.ts';

const NOTHING = { text: '', rows: 0, next: null };
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

type Source = {
  /** Columns of the order and their SQL types; the page asks for what is behind parameters `after_<column>`. */
  order: Record<string, string>;
  /** Table `x`, with what it takes to find its rows. */
  from: SQL;
  /** Which of them are the learner's. */
  where: SQL;
  columns: SQL;
};

/** Pages through the learner's rows of a table; each order is that of an index, so that a page is one walk in it. */
function rowsOf<Key extends object>(name: string, { order, from, where, columns }: Source) {
  const names = Object.keys(order);
  const own = sql.raw(names.map((column) => `x.${column}`).join(', '));
  const after = Object.entries(order).map(([column, type]) => param(`after_${column}`, type));
  const next = names.map((column) => `'after_${column}', last.${column}`).join(', ');
  const rows = sql.raw(String(PAGE_ROWS));
  return statement<Bounds & Key, Page<Key>>(
    name,
    'read',
    pageOf({
      ctes: sql`texts as materialized (
        select ${own}, row_to_json(w)::text as text from ${from} cross join lateral (select ${columns}) w
        where ${where} and (${own}) > (${sql.join(after, sql.raw(', '))}) order by ${own} limit ${rows}
      )`,
      order: { columns: names, direction: 'asc' },
      key: sql.raw(`json_build_object(${next})`),
      limit: PAGE_ROWS,
    }),
  );
}

const recorded = sql`x.id, x.seq, x.position, x.event_type, x.schema_version, x.payload, x.actor, x.request_id,
  ${iso('x.occurred_at')} as occurred_at, ${iso('x.created_at')} as created_at`;

/** Place in the order of paths' own events, path by path. */
export type PathEventPlace = { after_path_id: string; after_seq: number };

const PATH_EVENTS = rowsOf<PathEventPlace>('export-path-events', {
  order: { path_id: 'uuid', seq: 'integer' },
  from: sql`study_paths p join path_events x on x.path_id = p.id`,
  where: sql`p.user_id = ${learner} and p.created_at <= ${asOf}`,
  columns: sql`x.path_id, ${recorded}`,
});

/** One page of what happened to the learner's paths apart from tasks, of paths that there were at `as_of`. */
export async function pathEventPage(
  db: Database,
  learnerId: string,
  { as_of, after }: PageWish<PathEventPlace>,
) {
  const place = after ?? { after_path_id: FIRST_ID, after_seq: 0 };
  const [page] = await db.query(PATH_EVENTS, { learner_id: learnerId, as_of, ...place });
  return page ?? NOTHING;
}

/** Place in the order of the learner's own events. */
export type LearnerEventPlace = { after_seq: number };

const LEARNER_EVENTS = rowsOf<LearnerEventPlace>('export-learner-events', {
  order: { seq: 'integer' },
  from: sql`learner_events x`,
  where: sql`x.user_id = ${learner}`,
  columns: recorded,
});

/** One page of what the log says of the learner apart from paths and tasks. */
export async function learnerEventPage(
  db: Database,
  learnerId: string,
  { as_of, after }: PageWish<LearnerEventPlace>,
) {
  const [page] = await db.query(LEARNER_EVENTS, {
    learner_id: learnerId,
    as_of,
    ...(after ?? { after_seq: 0 }),
  });
  return page ?? NOTHING;
}

/** What every row of what was learnt ends with. */
const written = sql`x.rule_version, x.version, ${iso('x.updated_at')} as updated_at`;

type PageWish<Key> = { as_of: string; after: Key | null };

/** Place in the order of topics. */
export type TopicPlace = { after_topic: string };

const TOPICS = rowsOf<TopicPlace>('export-mastery', {
  order: { topic: 'text' },
  from: sql`mastery x`,
  where: sql`x.user_id = ${learner}`,
  columns: sql`x.topic, x.n, x.rating, x.reason, ${written}`,
});

/** One page of the learner's mastery, topic by topic, as it stands now. */
export async function topicPage(db: Database, learnerId: string, { as_of, after }: PageWish<TopicPlace>) {
  const [page] = await db.query(TOPICS, { learner_id: learnerId, as_of, ...(after ?? { after_topic: '' }) });
  return page ?? NOTHING;
}

/** Place in the order of modules, path by path. */
export type LevelPlace = { after_path_id: string; after_module: string };

const LEVELS = rowsOf<LevelPlace>('export-module-states', {
  order: { path_id: 'uuid', module: 'text' },
  from: sql`study_paths p join module_states x on x.path_id = p.id`,
  where: sql`p.user_id = ${learner} and p.created_at <= ${asOf}`,
  columns: sql`x.path_id, x.module, x.difficulty, x.successes, x.reason, ${written}`,
});

/** One page of the difficulties that the learner's paths have come to, of paths that there were at `as_of`. */
export async function levelPage(db: Database, learnerId: string, { as_of, after }: PageWish<LevelPlace>) {
  const place = after ?? { after_path_id: FIRST_ID, after_module: '' };
  const [page] = await db.query(LEVELS, { learner_id: learnerId, as_of, ...place });
  return page ?? NOTHING;
}

/** Place in the order of problems. */
export type CardPlace = { after_problem_id: string };

const CARDS = rowsOf<CardPlace>('export-review-queue', {
  order: { problem_id: 'text' },
  from: sql`review_queue x join study_paths p on p.id = x.path_id`,
  where: sql`x.user_id = ${learner} and p.created_at <= ${asOf}`,
  columns: sql`x.problem_id, x.path_id, x.module, x.topic_tags, x.difficulty, x.state, x.task_id, ${written}`,
});

/** One page of the learner's review cards, of paths that there were at `as_of`. */
export async function cardPage(db: Database, learnerId: string, { as_of, after }: PageWish<CardPlace>) {
  const place = after ?? { after_problem_id: '' };
  const [page] = await db.query(CARDS, { learner_id: learnerId, as_of, ...place });
  return page ?? NOTHING;
}

/** Place in the order of reviews, problem by problem. */
export type ReviewPlace = { after_problem_id: string; after_seq: number };

const REVIEWS = rowsOf<ReviewPlace>('export-review-log', {
  order: { problem_id: 'text', seq: 'integer' },
  from: sql`review_log x join study_tasks t on t.id = x.task_id`,
  where: sql`x.user_id = ${learner} and t.created_at <= ${asOf}`,
  columns: sql`x.id, x.problem_id, x.task_id, x.seq, x.log, ${iso('x.undone_at')} as undone_at,
    ${iso('x.created_at')} as created_at`,
});

/** One page of the learner's reviews, undone ones too, of tasks that there were at `as_of`. */
export async function reviewPage(db: Database, learnerId: string, { as_of, after }: PageWish<ReviewPlace>) {
  const place = after ?? { after_problem_id: '', after_seq: 0 };
  const [page] = await db.query(REVIEWS, { learner_id: learnerId, as_of, ...place });
  return page ?? NOTHING;
}
