import type * as z from 'zod';
import type { LearnerExport, TaskExport } from '#contract/export.ts';
import { Id } from '#contract/text.ts';

/** A file that cannot be restored; each line names a place in it and what is wrong there. */
export class ImportError extends Error {
  override readonly name = 'ImportError';
}

/** Most problems of one file that are reported. */
const REPORTED = 20;

/** @throws ImportError with the first 20 problems. */
export function refuse(problems: readonly string[]): never {
  const more = problems.length > REPORTED ? [`and ${problems.length - REPORTED} more`] : [];
  throw new ImportError([...problems.slice(0, REPORTED), ...more].join('\n'));
}

/** @throws ImportError unless there are no problems. */
export function refuseAny(problems: readonly string[]): void {
  if (problems.length > 0) refuse(problems);
}

/** @throws ImportError naming each place that does not fit. */
export function checked<T>(schema: z.ZodType<T>, json: unknown): T {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  return refuse(parsed.error.issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`));
}

/** @throws ImportError for a text that is not whole JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof SyntaxError ? error.message : String(error);
    throw new ImportError(`not whole JSON, perhaps cut off on its way: ${reason}`, { cause: error });
  }
}

type Named = { [section: string]: readonly { id: string }[] };

/** Each id must be a UUID and occur once. @returns the ids of each section. */
function checkIds<Sections extends Named>(sections: Sections, problems: string[]) {
  const ids = {} as Record<keyof Sections, Set<string>>;
  for (const [section, rows] of Object.entries(sections)) {
    const seen = new Set<string>();
    for (const [at, { id }] of rows.entries()) {
      if (!Id.safeParse(id).success) problems.push(`${section}.${at}.id: is not a UUID`);
      if (seen.has(id)) problems.push(`${section}.${at}.id: occurs twice`);
      seen.add(id);
    }
    ids[section as keyof Sections] = seen;
  }
  return ids;
}

type Below = readonly { [column: string]: unknown }[];

function checkBelongs(
  section: string,
  rows: Below,
  column: string,
  owners: ReadonlySet<string>,
  what: string,
  problems: string[],
): void {
  for (const [at, row] of rows.entries())
    if (!owners.has(String(row[column])))
      problems.push(`${section}.${at}.${column}: is not a ${what} of this file`);
}

function checkOnce(section: string, keys: readonly unknown[][], problems: string[]): void {
  const seen = new Set<string>();
  for (const [at, key] of keys.map((parts) => JSON.stringify(parts)).entries()) {
    if (seen.has(key)) problems.push(`${section}.${at}: occurs twice`);
    seen.add(key);
  }
}

/** Every row must occur once and belong to a path or a task of the file. @throws ImportError */
export function checkTaskPlaces({ paths, tasks }: Pick<TaskExport, 'paths' | 'tasks'>): void {
  const problems: string[] = [];
  const ids = checkIds({ paths, tasks }, problems);
  checkBelongs('tasks', tasks, 'path_id', ids.paths, 'path', problems);
  refuseAny(problems);
}

/** The same for an export of everything. @throws ImportError */
export function checkLearnerPlaces(document: LearnerExport): void {
  const { paths, tasks, evaluations, events, path_events, learner_events } = document;
  const { mastery, module_states, review_queue, review_log } = document;
  const problems: string[] = [];
  const ids = checkIds({ paths, tasks, evaluations, events, path_events, learner_events }, problems);
  const belongs = (section: string, rows: Below, owner: 'path' | 'task') =>
    checkBelongs(section, rows, `${owner}_id`, owner === 'path' ? ids.paths : ids.tasks, owner, problems);
  belongs('tasks', tasks, 'path');
  belongs('evaluations', evaluations, 'task');
  belongs('events', events, 'task');
  belongs('path_events', path_events, 'path');
  const once = (section: string, keys: readonly unknown[][]) => checkOnce(section, keys, problems);
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
  belongs('module_states', module_states, 'path');
  belongs('review_queue', review_queue, 'path');
  checkIds({ review_log }, problems);
  belongs('review_log', review_log, 'task');
  refuseAny(problems);
}
