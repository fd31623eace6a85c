import { type SQL, sql } from 'drizzle-orm';
import type { ExportTasks } from '#contract/export.ts';
import type { TaskFilters } from '#contract/history.ts';
import { Task } from '#contract/tasks.ts';
import { type CalendarRule, knowsZone, STANDARD_CALENDAR } from '#domain/calendar.ts';
import type { Database } from '../db/client.ts';
import { hasStatus, iso, isReplanned, pathJson } from '../db/fragments.ts';
import { calendarOfLearner } from '../db/learner-day.ts';
import { rowColumns } from '../db/rows.ts';
import { studyTasks } from '../db/schema/index.ts';
import { NO_SEARCH, type Search, searched } from '../db/search.ts';
import { param, statement } from '../db/statement.ts';
import { asOf, type Bounds, learner, PAGE_ROWS, type Page, pageOf } from './pages.ts';
import type { PLACES } from './store-sealed.ts';

/** Place of a task in the order of an export. */
export type TaskKey = { after_at: string; after_id: string };

/** Before every row and behind every row, so that a first page is a page like any other. */
const ENDS = {
  asc: { after_at: '-infinity', after_id: '00000000-0000-0000-0000-000000000000' },
  desc: { after_at: 'infinity', after_id: 'ffffffff-ffff-ffff-ffff-ffffffffffff' },
} as const satisfies Record<ExportTasks['order'], TaskKey>;

export const taskKey = sql`json_build_object('after_at', ${iso('last.scheduled_at')}, 'after_id', last.id)`;

/**
 * The columns of wire shape `Task`, in its order. `row_to_json` of them makes the text in half the time that
 * `jsonb_build_object` takes.
 */
export function taskColumns(alias: string): SQL {
  return rowColumns(studyTasks, alias, Object.keys(Task.shape));
}

/** What a result holds, in the order of the contract, without its tests; `dated` is the column that it is dated by. */
export function judgingColumns(alias: string, dated = 'created_at'): SQL {
  const v = (column: string) => sql.raw(`${alias}.${column}`);
  return sql`${v('id')}, ${v('submission_id')}, ${v('attempt')}, ${v('run')}, ${v('language')}, ${v('status')},
    ${v('verdict')}, ${v('test_cases_passed')}, ${v('test_cases_total')}, ${v('score')}, ${v('runtime_ms')},
    ${v('memory_mb')}, ${v('hidden')}, ${v('content_hash')}, ${v('engine')}, ${v('time_spent_seconds')},
    ${iso(`${alias}.${dated}`)} as created_at, ${v('day')}, ${iso(`${alias}.evaluated_at`)} as evaluated_at`;
}

/** Stands in a page's text where a sealed text belongs; nobody else knows this request's `mark`. */
export function placeOf(kind: keyof typeof PLACES, id: string): SQL {
  return sql`${param('mark', 'text')} || ${sql.raw(`'${kind}' || ${id}`)}`;
}

/**
 * One entry for each attempt of task `t`: the newest run with a result, or the newest run. It is dated by its submission,
 * however late it was judged again.
 */
function submissions(withCode: boolean): SQL {
  return sql`, (select coalesce(json_agg(row_to_json(s)), '[]') from (
      select ${judgingColumns('v', 'sent_at')} ${withCode ? sql`, ${placeOf('c', 'v.id')} as code` : sql``}
      from (
        select distinct on (e.attempt) e.*, min(e.created_at) over (partition by e.attempt) as sent_at
        from task_evaluations e where e.task_id = t.id
        order by e.attempt, (e.status = 'evaluated') desc, e.run desc
      ) v order by v.attempt
    ) s) as submissions`;
}

type Variant = 'tasks' | 'attempts' | 'code';

type PageParams = Bounds &
  TaskKey &
  Search & {
    mark: string;
    path_id: string | null;
    track_id: string | null;
    modules: readonly string[] | null;
    statuses: readonly string[] | null;
    difficulties: readonly number[] | null;
    kinds: readonly string[] | null;
    topics: readonly string[] | null;
    from: string;
    to: string;
    replanned: boolean;
  };

function anyOf(column: string, name: string, type: string): SQL {
  return sql`(${param(name, type)} is null or ${sql.raw(column)} = any(${param(name, type)}))`;
}

const limit = sql.raw(String(PAGE_ROWS));

/** One constant text per order and variant: an index walk in each path, merged. */
function tasksStatement(order: ExportTasks['order'], variant: Variant) {
  const sorted = sql.raw(`scheduled_at ${order}, id ${order}`);
  const beyond = sql.raw(order === 'desc' ? '<' : '>');
  return statement<PageParams, Page<TaskKey>>(
    `export-${variant}-${order}`,
    'read',
    pageOf({
      ctes: sql`page as materialized (
        select t.* from study_paths p cross join lateral (
          select * from study_tasks t
          where t.path_id = p.id and t.created_at <= ${asOf}
            and t.scheduled_at >= ${param('from', 'timestamptz')} and t.scheduled_at < ${param('to', 'timestamptz')}
            and (t.scheduled_at, t.id) ${beyond} (${param('after_at', 'timestamptz')}, ${param('after_id', 'uuid')})
            and ${anyOf('t.module', 'modules', 'text[]')} and ${hasStatus('t', param('statuses', 'text[]'))}
            and ${anyOf('t.difficulty', 'difficulties', 'integer[]')} and ${anyOf('t.kind', 'kinds', 'text[]')}
            and (${param('topics', 'text[]')} is null or t.topic_tags && ${param('topics', 'text[]')})
            and (${param('replanned', 'boolean')} or not ${isReplanned('t')}) and ${searched('t')}
          order by ${sorted} limit ${limit}
        ) t
        where p.user_id = ${learner}
          and (${param('path_id', 'uuid')} is null or p.id = ${param('path_id', 'uuid')})
          and (${param('track_id', 'text')} is null or p.track_id = ${param('track_id', 'text')})
        order by ${sorted} limit ${limit}
      ), texts as materialized (
        select t.scheduled_at, t.id, row_to_json(w)::text as text
        from page t cross join lateral (
          select ${taskColumns('t')} ${variant === 'tasks' ? sql`` : submissions(variant === 'code')}
        ) w
      )`,
      order: { columns: ['scheduled_at', 'id'], direction: order },
      key: taskKey,
      limit: PAGE_ROWS,
    }),
  );
}

const TASKS = {
  asc: {
    tasks: tasksStatement('asc', 'tasks'),
    attempts: tasksStatement('asc', 'attempts'),
    code: tasksStatement('asc', 'code'),
  },
  desc: {
    tasks: tasksStatement('desc', 'tasks'),
    attempts: tasksStatement('desc', 'attempts'),
    code: tasksStatement('desc', 'code'),
  },
} as const;

export type TaskWish = TaskFilters & Pick<ExportTasks, 'format' | 'order' | 'attempts' | 'include'>;

/**
 * One page of the learner's tasks beyond `after`, each as the JSON of `ExportedTask`; with code, `mark` and the
 * evaluation's id stand where the code belongs.
 */
export async function taskPage(
  db: Database,
  learnerId: string,
  wish: TaskWish,
  page: { as_of: string; mark: string; after: TaskKey | null; search: Search | null },
): Promise<Page<TaskKey>> {
  const { as_of, mark, after, search } = page;
  const variant = wish.include?.includes('code') ? 'code' : wish.attempts ? 'attempts' : 'tasks';
  const [found] = await db.query(TASKS[wish.order][variant], {
    learner_id: learnerId,
    as_of,
    mark,
    path_id: wish.path_id ?? null,
    track_id: wish.track_id ?? null,
    modules: wish.module ?? null,
    statuses: wish.status ?? null,
    difficulties: wish.difficulty ?? null,
    kinds: wish.kind ?? null,
    topics: wish.topic ?? null,
    from: wish.from ?? '-infinity',
    to: wish.to ?? 'infinity',
    replanned: wish.format === 'json' || (wish.include ?? []).includes('replanned'),
    ...(after ?? ENDS[wish.order]),
    ...(search ?? NO_SEARCH),
  });
  return found ?? { text: '', rows: 0, next: null };
}

type PathParams = Bounds & { path_id: string | null; track_id: string | null };

const findPaths = statement<PathParams, { text: string; rows: number }>(
  'export-paths',
  'read',
  sql`select coalesce(string_agg(${pathJson('p')}::text, E',\n' order by p.created_at, p.id), '') as text,
    count(*)::integer as rows
  from study_paths p
  where p.user_id = ${learner} and p.created_at <= ${asOf}
    and (${param('path_id', 'uuid')} is null or p.id = ${param('path_id', 'uuid')})
    and (${param('track_id', 'text')} is null or p.track_id = ${param('track_id', 'text')})`,
);

/** The learner's paths, or those that the filters name, as the JSON of `StudyPath`. */
export async function pathTexts(
  db: Database,
  learnerId: string,
  { path_id, track_id }: Pick<TaskFilters, 'path_id' | 'track_id'>,
  as_of: string,
): Promise<{ text: string; rows: number }> {
  const [row] = await db.query(findPaths, {
    learner_id: learnerId,
    as_of,
    path_id: path_id ?? null,
    track_id: track_id ?? null,
  });
  return row ?? { text: '', rows: 0 };
}

const findCalendar = statement<{ learner_id: string }, { calendar: CalendarRule | null }>(
  'export-calendar',
  'read',
  sql`select ${calendarOfLearner(learner)} as calendar`,
);

/** The time zone of the learner's newest path, UTC without one, and for a zone that the runtime no longer knows. */
export async function timeZoneOf(db: Database, learnerId: string): Promise<string> {
  const [row] = await db.query(findCalendar, { learner_id: learnerId });
  const { time_zone } = row?.calendar ?? STANDARD_CALENDAR;
  return knowsZone(time_zone) ? time_zone : STANDARD_CALENDAR.time_zone;
}
