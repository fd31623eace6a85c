import * as z from 'zod';
import { LearnerExport, type StoredEvent, type StoredJudging, TaskExport } from '#contract/export.ts';
import type { StudyPath } from '#contract/paths.ts';
import type { Task } from '#contract/tasks.ts';
import { Id } from '#contract/text.ts';
import { factsOf } from './facts.ts';
import { type Learning, learningOf, learningProblems, NOTHING_LEARNT } from './learning.ts';

/** One task with all that is below it; its version is the number of its events. */
export type RestoredTask = { task: Task; evaluations: StoredJudging[]; events: StoredEvent[] };
export type Restored = { paths: StudyPath[]; tasks: RestoredTask[]; learning: Learning };

/** A file that cannot be restored; each line names a place in it and what is wrong there. */
export class ImportError extends Error {
  override readonly name = 'ImportError';
}

/** Most problems that are told of one file. */
const TOLD = 20;
const Document = z.looseObject({ schema: z.string(), version: z.number() });

function refuse(problems: readonly string[]): never {
  const more = problems.length > TOLD ? [`and ${problems.length - TOLD} more`] : [];
  throw new ImportError([...problems.slice(0, TOLD), ...more].join('\n'));
}

function checked<T>(schema: z.ZodType<T>, json: unknown): T {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  return refuse(parsed.error.issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof SyntaxError ? error.message : String(error);
    throw new ImportError(`not whole JSON, perhaps cut off on its way: ${reason}`, { cause: error });
  }
}

type Checked = Pick<TaskExport, 'paths' | 'tasks'> & Partial<Pick<LearnerExport, 'evaluations' | 'events'>>;

/** Ids must be UUIDs that stand once, and every row must belong to one that is there. */
function checkPlaces(document: Checked, learning: Learning): void {
  const problems: string[] = [];
  const unique = (section: string, rows: readonly { id: string }[]) => {
    const seen = new Set<string>();
    for (const [at, { id }] of rows.entries()) {
      if (!Id.safeParse(id).success) problems.push(`${section}.${at}.id: is not a UUID`);
      if (seen.has(id)) problems.push(`${section}.${at}.id: stands there twice`);
      seen.add(id);
    }
    return seen;
  };
  const paths = unique('paths', document.paths);
  const tasks = unique('tasks', document.tasks);
  for (const [at, { path_id }] of document.tasks.entries())
    if (!paths.has(path_id)) problems.push(`tasks.${at}.path_id: is not a path of this file`);
  for (const section of ['evaluations', 'events'] as const) {
    const rows = document[section] ?? [];
    unique(section, rows);
    for (const [at, { task_id }] of rows.entries())
      if (!tasks.has(task_id)) problems.push(`${section}.${at}.task_id: is not a task of this file`);
  }
  problems.push(...learningProblems(learning, paths, tasks));
  if (problems.length > 0) refuse(problems);
}

function fromTaskExport({ paths, tasks }: TaskExport): Restored {
  const problems: string[] = [];
  const restored = tasks.map(({ submissions = [], ...task }, at): RestoredTask => {
    if (submissions.length !== task.attempts)
      problems.push(
        `tasks.${at}.submissions: the task has ${task.attempts}; export with attempts=true&include=code`,
      );
    const evaluations = submissions.map((submission, index): StoredJudging => {
      const code = submission.code ?? null;
      if (code === null)
        problems.push(
          `tasks.${at}.submissions.${index}.code: is missing; export with attempts=true&include=code`,
        );
      return { ...submission, task_id: task.id, code, error_message: null, tests: null };
    });
    const events = factsOf(task, evaluations);
    return { task: { ...task, version: events.length }, evaluations, events };
  });
  if (problems.length > 0) refuse(problems);
  return { paths, tasks: restored, learning: NOTHING_LEARNT };
}

/** What the log knows of a judging: the row may be newer than the log that was read before it. */
function asOfLog(evaluation: StoredJudging, events: readonly StoredEvent[]): StoredJudging {
  const settled = events.some(
    ({ event_type, payload }) =>
      (event_type === 'evaluated' || event_type === 'evaluation_failed') &&
      payload.evaluation_id === evaluation.id,
  );
  if (settled || evaluation.status === 'pending') return evaluation;
  const nothing = { verdict: null, test_cases_passed: null, test_cases_total: null, score: null };
  const figures = { runtime_ms: null, memory_mb: null, error_message: null, tests: null, hidden: null };
  const source = { content_hash: null, engine: null, evaluated_at: null };
  return { ...evaluation, status: 'pending', ...nothing, ...figures, ...source };
}

function byTask<T extends { task_id: string }>(rows: readonly T[]): Map<string, T[]> {
  return Map.groupBy(rows, ({ task_id }) => task_id);
}

function fromLearnerExport(document: LearnerExport): Restored {
  const { paths, tasks, evaluations, events } = document;
  const problems: string[] = [];
  for (const [at, { code }] of evaluations.entries())
    if (code === null) problems.push(`evaluations.${at}.code: could not be read when it was exported`);
  const evaluationsOf = byTask(evaluations);
  const eventsOf = byTask(events);
  const restored = tasks.map((task, at): RestoredTask => {
    // What happened after the task's row was read is not in the row either.
    const log = (eventsOf.get(task.id) ?? []).filter(({ seq }) => seq <= task.version);
    const whole = log.length === task.version && log.every(({ seq }, index) => seq === index + 1);
    if (!whole) problems.push(`tasks.${at}: its events are not 1 to ${task.version}`);
    const known = new Set(log.flatMap(({ payload }) => Object.values(payload)));
    const judged = (evaluationsOf.get(task.id) ?? []).filter(({ id }) => known.has(id));
    return { task, evaluations: judged.map((evaluation) => asOfLog(evaluation, log)), events: log };
  });
  if (problems.length > 0) refuse(problems);
  return { paths, tasks: restored, learning: learningOf(document) };
}

/**
 * Reads either export and checks all of it before anything is written.
 * @throws ImportError naming the places that are wrong.
 */
export function readExport(text: string): Restored {
  const json = parse(text);
  const { schema, version } = checked(Document, json);
  const known = schema === 'study-paths/export' || schema === 'study-paths/learner';
  if (!known || version !== 1)
    refuse([
      `schema: ${schema} version ${version} is not known here; this reads study-paths/export and study-paths/learner, version 1`,
    ]);
  if (schema === 'study-paths/export') {
    const document = checked(TaskExport, json);
    checkPlaces(document, NOTHING_LEARNT);
    return fromTaskExport(document);
  }
  const document = checked(LearnerExport, json);
  checkPlaces(document, document);
  return fromLearnerExport(document);
}
