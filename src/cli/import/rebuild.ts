import type { TaskFact } from '#contract/events.ts';
import type { StoredEvent, StoredJudging } from '#contract/export.ts';
import { PathConfig, type StudyPath } from '#contract/paths.ts';
import type { Task } from '#contract/tasks.ts';
import { isResult } from '#contract/vocabulary.ts';
import { calendarOfRule, STANDARD_CALENDAR, storedDay } from '#domain/calendar.ts';
import { decideLearning } from '#domain/learning/decide.ts';
import { type LearnerState, learn, learningFact, nothingLearnt } from '#domain/learning/evolve.ts';
import { type LearningFacts, NOTHING_KNOWN } from '#domain/learning/facts.ts';
import { evolveTask, type TaskState } from '#domain/tasks/evolve.ts';
import type { Dated } from './facts.ts';
import { derivedId } from './ids.ts';
import { IMPORT_ACTOR } from './path-events.ts';
import type { Placed } from './restored.ts';

/** A task of a task export with the facts that it must have had. */
export type FactualTask = { task: Task; evaluations: StoredJudging[]; facts: Dated[] };

export type Rebuilt = {
  states: TaskState[];
  logs: Placed<StoredEvent>[][];
  learnt: LearnerState;
};

/** A fact of one of the tasks; `recorded` (milliseconds) never falls within a task. */
type Queued = { of: number; recorded: number } & Dated;

function inOrderOfTime(tasks: readonly FactualTask[]): Queued[] {
  const queue = tasks.flatMap(({ facts }, of) => {
    let recorded = Number.NEGATIVE_INFINITY;
    return facts.map(({ at, fact }): Queued => {
      recorded = Math.max(recorded, Date.parse(at));
      return { of, recorded, at, fact };
    });
  });
  return queue.toSorted((a, b) => a.recorded - b.recorded);
}

/** The rows of a kind as the rules take them: by name, with only what they depend on. */
function seen<Row extends { updated_at: string }>(
  rows: Iterable<Row>,
  name: (row: Row) => string,
): Record<string, Row> {
  return Object.fromEntries([...rows].map((row) => [name(row), row]));
}

/** Runs the live rules over the results of tasks in order of time. */
class Rebuilding {
  readonly states: (TaskState | null)[];
  readonly logs: Placed<StoredEvent>[][];
  readonly learnt = nothingLearnt();
  private readonly met = new Set<string>();
  private readonly reviews = new Map<string, number>();
  private readonly tasks: readonly FactualTask[];
  private readonly paths: readonly StudyPath[];
  private position = 0;

  constructor(paths: readonly StudyPath[], tasks: readonly FactualTask[]) {
    this.paths = paths;
    this.tasks = tasks;
    this.states = tasks.map(() => null);
    this.logs = tasks.map(() => []);
  }

  take(queued: Queued): void {
    const { fact } = queued;
    const before = this.states[queued.of] ?? null;
    this.append(queued, fact.event_type === 'created' ? this.assigned(fact) : fact);
    if (fact.event_type !== 'evaluated' || before === null) return;
    const counts = isResult(fact.payload.verdict) || fact.payload.rule_version === 1;
    const { status, metadata } = before.task;
    if (counts && status === 'in_progress' && metadata.first_score === undefined)
      this.learnFrom(queued, fact, before.task);
    if (counts) this.met.add(before.task.problem_id);
  }

  /** A review was made for the card that its problem has then. */
  private assigned(fact: Extract<TaskFact, { event_type: 'created' }>): TaskFact {
    const { kind, problem_id } = fact.payload;
    const card = kind === 'review' ? this.learnt.cards.get(problem_id) : undefined;
    if (card === undefined) return fact;
    return { ...fact, payload: { ...fact.payload, card_version: card.version + 1 } };
  }

  private append({ of, recorded, at }: Queued, fact: TaskFact): void {
    const id = this.tasks[of]?.task.id ?? '';
    const before = this.states[of] ?? null;
    const seq = (before?.task.version ?? 0) + 1;
    this.position += 1;
    const event: Placed<StoredEvent> = {
      ...fact,
      id: derivedId(id, 'event', String(seq)),
      task_id: id,
      seq,
      position: this.position,
      actor: IMPORT_ACTOR,
      request_id: null,
      occurred_at: at,
      created_at: new Date(recorded).toISOString(),
      transcript: null,
    };
    const after = evolveTask(before, id, { fact, seq, occurred_at: at });
    this.states[of] = after;
    this.logs[of]?.push(event);
    const said = learningFact(fact);
    if (said === null) return;
    const { path_id, problem_id, module, topic_tags, difficulty } = after.task;
    const task = { id, path_id, problem_id, module, topic_tags, difficulty };
    learn(this.learnt, { position: this.position, occurred_at: at, task, fact: said });
  }

  private learnFrom(
    queued: Queued,
    { payload }: Extract<TaskFact, { event_type: 'evaluated' }>,
    task: Task,
  ): void {
    const path = this.paths.find(({ id }) => id === task.path_id);
    const judging = this.states[queued.of]?.judgings.get(payload.evaluation_id);
    const day = storedDay(judging?.day, judging?.created_at ?? queued.at);
    const attempt = { judgedBefore: 0, score: payload.score, secondsSpent: null, expectedMinutes: null };
    const moment = { at: queued.at, day, calendar: this.calendarAt(queued.recorded) };
    const { events } = decideLearning(this.facts(task), path?.config ?? {}, task, attempt, moment);
    for (const fact of events) {
      if (fact.event_type === 'graded') this.reviews.set(task.problem_id, fact.payload.review);
      this.append(queued, fact);
    }
  }

  /** What the result of a task depends on, as it was then. */
  private facts(task: Task): LearningFacts {
    const { mastery, modules, cards } = this.learnt;
    const own = [...modules.values()].filter(({ path_id }) => path_id === task.path_id);
    const card = cards.get(task.problem_id);
    const attempted = this.met.has(task.problem_id)
      ? [{ problem_id: task.problem_id, task_id: task.id }]
      : [];
    return {
      path: {
        ...NOTHING_KNOWN,
        version: 0,
        tasks: [],
        mastery: seen(mastery.values(), ({ topic }) => topic),
        modules: seen(own, ({ module }) => module),
        problems: { ...NOTHING_KNOWN.problems, attempted },
      },
      card: card === undefined ? null : { version: card.version, state: card.state, task_id: card.task_id },
      reviews: this.reviews.get(task.problem_id) ?? 0,
    };
  }

  /** The calendar of the newest path that there was. */
  private calendarAt(at: number) {
    const then = this.paths.filter(({ created_at }) => Date.parse(created_at) <= at);
    const newest = then.toSorted((a, b) => Date.parse(b.created_at) - Date.parse(a.created_at))[0];
    const config = PathConfig.safeParse(newest?.config ?? {});
    return calendarOfRule(config.success ? config.data : STANDARD_CALENDAR);
  }
}

/**
 * The events of tasks whose log is lost, and what was learnt by them: the live rules decide again on the first result of
 * each task, in order of time.
 * @throws RangeError when the facts of a task cannot follow one another.
 */
export function rebuild(paths: readonly StudyPath[], tasks: readonly FactualTask[]): Rebuilt {
  const rebuilding = new Rebuilding(paths, tasks);
  for (const queued of inOrderOfTime(tasks)) rebuilding.take(queued);
  const states = rebuilding.states.filter((state) => state !== null);
  return { states, logs: rebuilding.logs, learnt: rebuilding.learnt };
}
