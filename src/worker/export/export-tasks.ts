import type { ExportedTask, ExportTasks, TaskExport } from '#contract/export.ts';
import { localTime } from '#domain/calendar.ts';
import { searchFor, titlesOf } from '../clients/titles.ts';
import type { Context } from '../context.ts';
import {
  attemptPart,
  type CsvDress,
  codeCells,
  csvCell,
  csvHeader,
  csvRow,
  csvTrailer,
  taskPart,
} from './csv-rules.ts';
import { openInOrder, withOpened } from './open.ts';
import { type Page, SEPARATOR } from './pages.ts';
import { pathTexts, type TaskKey, taskPage, timeZoneOf } from './store.ts';
import { bodyOf, pagesFrom, reporter } from './stream.ts';

/** A file on its way: its bytes as they are made, and the headers that belong to them. */
export type Download = { body: ReadableStream<Uint8Array>; headers: Record<string, string> };

type Pages = AsyncGenerator<Page<TaskKey>>;
type Job = { ctx: Context; learnerId: string; wish: ExportTasks; mark: string };

/** How spreadsheets know that a text is UTF-8. */
const BYTE_ORDER_MARK = '\uFEFF';

/** Headers of a download; the date in the name is the export's day in UTC. */
export function downloadHeaders(name: string, asOf: string, format: ExportTasks['format']) {
  return {
    'content-type': format === 'csv' ? 'text/csv; charset=utf-8; header=present' : 'application/json',
    'content-disposition': `attachment; filename="${name}-${asOf.slice(0, 10)}.${format}"`,
    'cache-control': 'private, no-store',
  };
}

/** The one document of `TaskExport`: it parses only when its last line is there. */
async function* jsonParts({ ctx, learnerId, wish, mark }: Job, paths: string, pages: Pages) {
  const { format: _, trailer: __, bom: ___, dates: ____, ...filters } = wish;
  const head: Pick<TaskExport, 'schema' | 'version' | 'as_of' | 'filters'> = {
    schema: 'study-paths/export',
    version: 1,
    as_of: ctx.now,
    filters,
  };
  let ready = `${JSON.stringify(head).slice(0, -1)},"paths":[${paths}],"tasks":[\n`;
  let count = 0;
  for await (const { text, rows } of pages) {
    if (rows > 0 && count > 0) ready += SEPARATOR;
    count += rows;
    if (wish.include?.includes('code')) {
      yield ready;
      yield* withOpened(ctx, learnerId, { text, mark });
    } else {
      yield ready + text;
    }
    ready = '';
  }
  yield `${ready}\n],"count":${count}}\n`;
}

/** CSV by RFC 4180: header, a row per task or attempt, and the trailer when it was asked for. */
async function* csvParts({ ctx, learnerId, wish, mark }: Job, time: CsvDress['time'], pages: Pages) {
  const shape = { attempts: wish.attempts, code: wish.include?.includes('code') ?? false };
  let ready = `${wish.bom ? BYTE_ORDER_MARK : ''}${csvRow(csvHeader(shape))}`;
  let rows = 0;
  for await (const { text } of pages) {
    const tasks = JSON.parse(`[${text}]`) as ExportedTask[];
    const as = { time, titles: await titlesOf(ctx, tasks) };
    const ids = tasks
      .flatMap((task) => task.submissions ?? [])
      .map(({ code }) => code?.slice(mark.length + 1));
    const codes = openInOrder(
      ctx,
      learnerId,
      'code',
      ids.filter((id) => id !== undefined),
    );
    for (const task of tasks) {
      const shared = taskPart(task, as);
      const attempts = task.submissions?.length ? task.submissions : [null];
      for (const attempt of attempts) {
        ready += shared;
        if (shape.attempts) ready += `,${attemptPart(attempt, as)}`;
        if (shape.code) {
          const code = attempt === null ? null : ((await codes.next()).value ?? null);
          ready += `,${codeCells(code).map(csvCell).join(',')}`;
        }
        ready += '\r\n';
        rows += 1;
        if (ready.length < PIECE) continue;
        yield ready;
        ready = '';
      }
    }
  }
  yield wish.trailer ? ready + csvTrailer(rows, shape) : ready;
}

/** How the times of a CSV are written. */
async function timesOf(
  ctx: Context,
  learnerId: string,
  { dates }: Pick<ExportTasks, 'dates'>,
): Promise<CsvDress['time']> {
  if (dates === 'utc') return (at) => at;
  const zone = await timeZoneOf(ctx.db, learnerId);
  return (at) => (at === null ? null : localTime(at, zone));
}

/** Characters sent at once. */
const PIECE = 524_288;

/**
 * The learner's tasks created until now that the filters let through, as a file that is made while it is read. Its
 * first page is there when this returns, so that a database out of reach is still answered with an error.
 * @throws StorageError; later failures break the stream.
 */
export async function exportTasks(ctx: Context, learnerId: string, wish: ExportTasks): Promise<Download> {
  const mark = `${crypto.randomUUID()}:`;
  const search = await searchFor(ctx, wish.q);
  const read = (after: TaskKey | null) =>
    taskPage(ctx.db, learnerId, wish, { as_of: ctx.now, mark, after, search });
  const [paths, first, time] = await Promise.all([
    wish.format === 'json' ? pathTexts(ctx.db, learnerId, wish, ctx.now) : { text: '' },
    read(null),
    timesOf(ctx, learnerId, wish),
  ]);
  const job = { ctx, learnerId, wish, mark };
  const pages = pagesFrom(first, read);
  const parts = wish.format === 'csv' ? csvParts(job, time, pages) : jsonParts(job, paths.text, pages);
  return {
    body: bodyOf(parts, reporter(ctx, `tasks-${wish.format}`)),
    headers: downloadHeaders('study-tasks', ctx.now, wish.format),
  };
}
