import type { LearnerExport, StoredEvent, StoredJudging } from '#contract/export.ts';
import { PathConfig } from '#contract/paths.ts';
import { evolvePath, type PathState } from '#domain/paths/evolve.ts';
import { evolveTask, type JudgingState, type TaskState } from '#domain/tasks/evolve.ts';
import { PROJECTIONS } from '../log/tables.ts';
import { contradictions, isSame } from './compare.ts';
import { checkLearnerPlaces, refuse, refuseAny } from './document.ts';
import { derivedId } from './ids.ts';
import { placesOf } from './order.ts';
import { pathEventsOf } from './path-events.ts';
import {
  isWhole,
  type Learning,
  learningRows,
  type Placed,
  type Restored,
  type RestoredPath,
  type RestoredTask,
  replayLearning,
} from './restored.ts';

const JUDGING_COLUMNS = PROJECTIONS.task_evaluations.columns.filter((column) => column !== 'task_id');

/** A task's states after each of its events. @throws RangeError naming what cannot follow. */
function statesOf(id: string, events: readonly StoredEvent[]): TaskState[] {
  const states: TaskState[] = [];
  for (const event of events) {
    const { seq, occurred_at } = event;
    states.push(evolveTask(states.at(-1) ?? null, id, { fact: event, seq, occurred_at }));
  }
  return states;
}

/** The judging as the events make it, with the texts that only its row holds. */
function judgingRow(row: StoredJudging, made: JudgingState): StoredJudging {
  const { code, task_id, error_message, tests } = row;
  const settled = made.status !== 'pending';
  const output = settled ? { error_message, tests } : { error_message: null, tests: null };
  return { ...made, ...output, task_id, code };
}

type Numbered<Row> = { row: Row; at: number };

function byTask<Row extends { task_id: string }>(rows: readonly Row[]): Map<string, Numbered<Row>[]> {
  return Map.groupBy(
    rows.map((row, at) => ({ row, at })),
    ({ row }) => row.task_id,
  );
}

/**
 * The judgings of a task as its row knows them. A row of theirs was read after the task's, and before the events: it is
 * what some event since the task's version has made.
 */
function judgingsOf(
  rows: readonly Numbered<StoredJudging>[],
  states: readonly TaskState[],
  version: number,
  place: string,
  problems: string[],
): StoredJudging[] {
  const then = states[version - 1]?.judgings ?? new Map<string, JudgingState>();
  const known = new Set(rows.map(({ row }) => row.id));
  for (const id of then.keys())
    if (!known.has(id)) problems.push(`${place}: its evaluation ${id} is not in the file`);
  return rows.flatMap(({ row, at }) => {
    const since = states.slice(version - 1).flatMap(({ judgings }) => judgings.get(row.id) ?? []);
    const newest = since.at(-1);
    if (newest === undefined) problems.push(`evaluations.${at}: no event of its task knows it`);
    else if (
      !since.some((made) =>
        JUDGING_COLUMNS.every((column) => isSame(Reflect.get(row, column), Reflect.get(made, column))),
      )
    )
      problems.push(...contradictions(`evaluations.${at}`, row, newest, JUDGING_COLUMNS));
    const made = then.get(row.id);
    return made === undefined ? [] : [judgingRow(row, made)];
  });
}

/** Of a task's events: numbers from 1 on, recorded one after another, in the order of their places. */
function orderProblems(
  events: readonly Numbered<Placed<StoredEvent>>[],
  version: number,
  place: string,
): string[] {
  const whole = events.length >= version && events.every(({ row }, index) => row.seq === index + 1);
  if (!whole) return [`${place}: its events are not 1 to ${version}`];
  return events.flatMap(({ row, at }, index) => {
    const before = events[index - 1]?.row;
    if (before === undefined) return [];
    return [
      ...(row.position > before.position ? [] : [`events.${at}.position: comes before the event before it`]),
      ...(Date.parse(row.created_at) >= Date.parse(before.created_at)
        ? []
        : [`events.${at}.created_at: lies before that of the event before it`]),
    ];
  });
}

function tasksOf(
  document: LearnerExport,
  events: readonly Placed<StoredEvent>[],
  problems: string[],
): RestoredTask[] {
  const evaluationsOf = byTask(document.evaluations);
  const eventsOf = byTask(events);
  return document.tasks.flatMap((task, index): RestoredTask[] => {
    const place = `tasks.${index}`;
    const log = (eventsOf.get(task.id) ?? []).toSorted((a, b) => a.row.seq - b.row.seq);
    const disorder = orderProblems(log, task.version, place);
    problems.push(...disorder);
    if (disorder.length > 0) return [];
    const logged = log.map(({ row }) => row);
    let states: TaskState[];
    try {
      states = statesOf(task.id, logged);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      problems.push(`${place}: its events cannot follow one another: ${error.message}`);
      return [];
    }
    // What happened after the task's row was read is not in the row, and left out.
    const made = states[task.version - 1]?.task;
    if (made === undefined) return [];
    problems.push(...contradictions(place, task, made, PROJECTIONS.study_tasks.columns));
    const rows = evaluationsOf.get(task.id) ?? [];
    const evaluations = judgingsOf(rows, states, task.version, place, problems);
    return [{ task: made, evaluations, events: logged.slice(0, task.version) }];
  });
}

/** Whether it happened after the export had begun, so that a row may tell of more than the events, or of less. */
function isNewer(at: string, { as_of }: Pick<LearnerExport, 'as_of'>): boolean {
  return Date.parse(at) > Date.parse(as_of);
}

function pathsOf(document: LearnerExport, problems: string[]): RestoredPath[] {
  const eventsOf = Map.groupBy(document.path_events, ({ path_id }) => path_id);
  return document.paths.map((path, at) => {
    const events = (eventsOf.get(path.id) ?? []).toSorted((a, b) => a.seq - b.seq);
    if (events.length === 0) return { path, events: pathEventsOf(path) };
    let state: PathState | null = null;
    try {
      for (const event of events) state = evolvePath(state, event, event.occurred_at);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      problems.push(`paths.${at}: its events cannot follow one another: ${error.message}`);
    }
    if (state === null) return { path, events };
    const config = PathConfig.safeParse(state.config);
    if (!config.success) problems.push(`paths.${at}.config: is no config after its events`);
    const made = { id: path.id, ...state, config: config.data ?? path.config };
    if (!isNewer(state.updated_at, document))
      problems.push(
        ...contradictions(`paths.${at}`, path, made, ['track_id', 'config', 'created_at', 'updated_at']),
      );
    return { path: { ...made, config: state.config as typeof path.config }, events };
  });
}

const KEYS = {
  mastery: ['topic'],
  module_states: ['path_id', 'module'],
  review_queue: ['problem_id'],
  review_log: ['problem_id', 'seq'],
} as const satisfies Record<keyof Learning, readonly string[]>;

/** Each row of what was learnt against the one that the events make. */
function learningProblems(document: LearnerExport, made: Learning): string[] {
  const moving = document.events.some(({ occurred_at }) => isNewer(occurred_at, document));
  return (Object.keys(KEYS) as (keyof Learning)[]).flatMap((section) => {
    const key = (row: { [column: string]: unknown }) =>
      JSON.stringify(KEYS[section].map((column) => row[column]));
    const expected = new Map(made[section].map((row) => [key(row), row]));
    const columns = PROJECTIONS[section].columns.filter((column) => !['user_id', 'due_day'].includes(column));
    const found = document[section].flatMap((row, at) => {
      const replayed = expected.get(key(row));
      expected.delete(key(row));
      const written = 'updated_at' in row ? row.updated_at : (row.undone_at ?? row.created_at);
      if (isNewer(written, document)) return [];
      if (replayed === undefined) return [`${section}.${at}: no event knows it`];
      return contradictions(`${section}.${at}`, row, replayed, columns, 'the events say');
    });
    const missing = moving ? [] : [...expected.keys()].map((row) => `${section}: ${row} is missing`);
    return [...found, ...missing];
  });
}

/** The rows as the file has them, for an export whose events do not tell all of it. */
function rowsOfFile({ mastery, module_states, review_log, ...document }: LearnerExport): Learning {
  const tasks = new Set(document.tasks.map(({ id }) => id));
  const review_queue = document.review_queue.map((card) =>
    card.task_id === null || tasks.has(card.task_id) ? card : { ...card, task_id: null },
  );
  return { mastery, module_states, review_queue, review_log };
}

/**
 * What an export of everything holds, checked: its rows must be what a replay of its events makes.
 * @throws ImportError naming each place that contradicts its events.
 */
export function fromLearnerExport(document: LearnerExport): Restored {
  checkLearnerPlaces(document);
  const problems: string[] = [];
  for (const [at, { code }] of document.evaluations.entries())
    if (code === null) problems.push(`evaluations.${at}.code: could not be read when it was exported`);
  const { events, learnerEvents, known } = placesOf(document);
  const tasks = tasksOf(document, events, problems);
  const paths = pathsOf(document, problems);
  refuseAny(problems);
  const parts = { paths, tasks, learnerEvents };
  const ids = new Map(
    document.review_log.map(({ id, problem_id, seq }) => [JSON.stringify([problem_id, seq]), id]),
  );
  const idOf = ({ problem_id, task_id, seq }: { problem_id: string; task_id: string; seq: number }) =>
    ids.get(JSON.stringify([problem_id, seq])) ?? derivedId(task_id, 'review', problem_id, String(seq));
  const state = replayLearning(parts);
  const learning = learningRows(state, parts, idOf);
  if (!known) {
    const notes = ['an older export: what was learnt is taken from its rows, as its events have no order'];
    return { ...parts, learning: rowsOfFile(document), replayed: false, notes };
  }
  const contradicting = learningProblems(document, learning);
  if (contradicting.length > 0) refuse(contradicting);
  return { ...parts, learning, replayed: isWhole(state, learning), notes: [] };
}
