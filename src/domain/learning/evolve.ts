import type { LearnerFact, TaskFact } from '#contract/events.ts';
import type { DifficultyState, MasteryState, ReviewLog, ReviewState } from '#contract/learning.ts';
import type { Task } from '#contract/tasks.ts';

type Written = { rule_version: number; version: number; updated_at: string };

export type MasteryRow = { topic: string } & Omit<MasteryState, 'version'> & Written;
export type ModuleRow = Pick<Task, 'path_id' | 'module'> & Omit<DifficultyState, 'version'> & Written;
export type CardRow = Pick<Task, 'problem_id' | 'path_id' | 'module' | 'topic_tags' | 'difficulty'> & {
  state: ReviewState;
  /** The review task that stands ready. */
  task_id: string | null;
} & Written;
export type ReviewRow = {
  problem_id: string;
  task_id: string;
  seq: number;
  log: ReviewLog;
  undone_at: string | null;
  created_at: string;
};

/** What a learner knows, as the log has made it; keys are topic, path and module, problem, and problem and number. */
export type LearnerState = {
  mastery: Map<string, MasteryRow>;
  modules: Map<string, ModuleRow>;
  cards: Map<string, CardRow>;
  reviews: Map<string, ReviewRow>;
};

/** Facts of a task that say something of its learner. */
export type LearningFact =
  | Extract<TaskFact, { event_type: 'mastery_changed' | 'graded' | 'grade_undone' }>
  | { event_type: 'assigned'; card_version: number };

/** A fact with its place in the order of all; `task` is the one that it is about, null for the learner's own facts. */
export type Learnt = { position: number; occurred_at: string } & (
  | { task: LearntTask; fact: LearningFact }
  | { task: null; fact: LearnerFact }
);
type LearntTask = Pick<Task, 'id' | 'path_id' | 'problem_id' | 'module' | 'topic_tags' | 'difficulty'>;

/** What an event of a task says of its learner; null for one that says nothing. */
export function learningFact(fact: TaskFact): LearningFact | null {
  switch (fact.event_type) {
    case 'mastery_changed':
    case 'graded':
    case 'grade_undone':
      return fact;
    case 'created': {
      const { card_version } = fact.payload;
      return card_version === undefined ? null : { event_type: 'assigned', card_version };
    }
    default:
      return null;
  }
}

/** The review as `review_log` keeps it. */
export function reviewOf({ payload }: Extract<TaskFact, { event_type: 'graded' }>): ReviewLog {
  const { due, stability, difficulty, scheduled_days, reps, lapses, last_review } = payload;
  const day = payload.day === undefined ? {} : { day: payload.day };
  const { rule_version, params, grade, source, elapsed_days, retrievability, before } = payload;
  return {
    rule_version,
    algorithm: 'fsrs-6',
    params,
    grade,
    source,
    reviewed_at: last_review,
    elapsed_days,
    retrievability,
    before,
    after: { due, stability, difficulty, scheduled_days, reps, lapses, last_review, ...day },
  };
}

const reviewKey = (problem: string, review: number, task: string) => JSON.stringify([problem, review, task]);

/** Newest versions win: what an erasure kept may be older than what another path has taught since. */
function keep<Row extends Written>(rows: Map<string, Row>, key: string, row: Row): void {
  if ((rows.get(key)?.version ?? 0) < row.version) rows.set(key, row);
}

function undo({ reviews }: LearnerState, task: LearntTask, at: string): void {
  const own = [...reviews.values()].filter(
    (row) => row.task_id === task.id && row.problem_id === task.problem_id,
  );
  const newest = own.toSorted((a, b) => b.seq - a.seq)[0];
  if (newest === undefined || newest.undone_at !== null) return;
  reviews.set(reviewKey(newest.problem_id, newest.seq, task.id), { ...newest, undone_at: at });
}

function ofTask(state: LearnerState, task: LearntTask, fact: LearningFact, at: string): void {
  const { id, ...home } = task;
  switch (fact.event_type) {
    case 'mastery_changed': {
      const { changes, rule_version, level } = fact.payload;
      for (const { rating_before: _, ...change } of changes)
        keep(state.mastery, change.topic, { ...change, rule_version, updated_at: at });
      if (level === null) return;
      const { path_id, module } = task;
      keep(state.modules, `${path_id} ${module}`, { path_id, module, ...level, updated_at: at });
      return;
    }
    case 'graded': {
      const { problem_id, review, card_version, ready_task_id, rule_version } = fact.payload;
      const log = reviewOf(fact);
      // A task has one review that counts: another grade takes the place of the one before.
      undo(state, task, at);
      const entry = { problem_id, task_id: id, seq: review, log, undone_at: null, created_at: at };
      state.reviews.set(reviewKey(problem_id, review, id), entry);
      const written = { rule_version, version: card_version ?? 1, updated_at: at };
      state.cards.set(problem_id, { ...home, state: log.after, task_id: ready_task_id, ...written });
      return;
    }
    case 'grade_undone': {
      const { problem_id, card, card_version, ready_task_id, rule_version } = fact.payload;
      undo(state, task, at);
      if (card === null || card_version === null) {
        state.cards.delete(problem_id);
        return;
      }
      const written = { rule_version, version: card_version, updated_at: at };
      state.cards.set(problem_id, { ...home, state: card, task_id: ready_task_id, ...written });
      return;
    }
    case 'assigned': {
      const card = state.cards.get(task.problem_id);
      // What made the card may have gone with an erased path, whose events no replay has.
      if (card === undefined) return;
      const version = fact.card_version;
      state.cards.set(task.problem_id, { ...card, task_id: id, version, updated_at: at });
    }
  }
}

function ofLearner(state: LearnerState, fact: LearnerFact, at: string): void {
  if (fact.event_type === 'learning_kept') {
    for (const row of fact.payload.mastery) keep(state.mastery, row.topic, row);
    for (const problem of fact.payload.forgotten) state.cards.delete(problem);
    for (const { problem_id, version } of fact.payload.released) {
      const card = state.cards.get(problem_id);
      if (card !== undefined)
        state.cards.set(problem_id, { ...card, task_id: null, version, updated_at: at });
    }
    return;
  }
  const { mastery, modules, cards, reviews } = fact.payload;
  const counted = new Set(
    reviews.map(({ problem_id, review, task_id }) => reviewKey(problem_id, review, task_id)),
  );
  state.mastery = new Map(mastery.map((row) => [row.topic, row]));
  state.modules = new Map(modules.map((row) => [`${row.path_id} ${row.module}`, row]));
  state.cards = new Map(
    cards.map(({ ready_task_id: task_id, ...card }) => [card.problem_id, { ...card, task_id }]),
  );
  state.reviews = new Map([...state.reviews].filter(([key]) => counted.has(key)));
}

/** What a learner knows before any fact. */
export function nothingLearnt(): LearnerState {
  return { mastery: new Map(), modules: new Map(), cards: new Map(), reviews: new Map() };
}

/** One step of a replay; changes the state. */
export function learn(state: LearnerState, entry: Learnt): void {
  if (entry.task === null) ofLearner(state, entry.fact, entry.occurred_at);
  else ofTask(state, entry.task, entry.fact, entry.occurred_at);
}

/**
 * What a learner knows after these facts, in the order of their positions: positions are drawn while the rows are locked
 * that a fact is about.
 */
export function foldLearner(learnt: readonly Learnt[]): LearnerState {
  const state = nothingLearnt();
  for (const entry of learnt.toSorted((a, b) => a.position - b.position)) learn(state, entry);
  return state;
}
