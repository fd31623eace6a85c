import { expect, test } from 'vitest';
import type { TaskFact } from '#contract/events.ts';
import type { ReviewState } from '#contract/learning.ts';
import { readLearnerFact, readPathFact, readTaskFact, UnknownEvent } from '#domain/events/upcast.ts';
import { foldLearner, type Learnt, learningFact } from '#domain/learning/evolve.ts';
import { evolvePath } from '#domain/paths/evolve.ts';
import { reviewParams } from '#domain/reviews/fsrs.ts';
import { evolveTask, type TaskState } from '#domain/tasks/evolve.ts';

const at = (minute: number) => new Date(Date.UTC(2026, 2, 1, 10, minute)).toISOString();
const CREATED = {
  path_id: 'path',
  kind: 'problem',
  problem_id: 'two-sum',
  module: 'hashing',
  topic_tags: ['hash-map'],
  difficulty: 2,
  scheduled_at: at(0),
  expires_at: at(59),
  metadata: { reason: 'because' },
} as const;
const RUN = { evaluation_id: 'e1', submission_id: 's1', attempt: 1, run: 1 };
const RESULT = {
  verdict: 'WA',
  test_cases_passed: 1,
  test_cases_total: 4,
  score: 0.25,
  runtime_ms: 5,
  memory_mb: 9.5,
  content_hash: 'c',
  hidden: { total: 2, passed: 1, first_failed: { number: 4, verdict: 'WA' } },
  engine: 'judge 1',
  best_score: 0.25,
  first_score: 0.25,
  rule_version: 1,
} as const;

const fact = (event_type: string, payload: object) =>
  readTaskFact({ event_type, schema_version: 1, payload });

function replay(facts: readonly TaskFact[]): TaskState | null {
  return facts.reduce<TaskState | null>(
    (state, told, index) => evolveTask(state, 'task', { fact: told, seq: index + 1, occurred_at: at(index) }),
    null,
  );
}

const BEGUN = [
  fact('created', CREATED),
  fact('started', { started_at: at(1), expires_at: at(58) }),
  fact('submitted', { ...RUN, language: 'python', code_bytes: 9, time_spent_seconds: 30 }),
];

test('a task and its judging are what their events made of them', () => {
  const evaluated = fact('evaluated', { ...RUN, ...RESULT });
  const change = { from: 'in_progress', to: 'completed', at: at(4), reason: null, time_spent_seconds: 30 };
  const state = replay([...BEGUN, evaluated, fact('status_changed', change)]);
  expect(state?.task).toEqual({
    id: 'task',
    ...CREATED,
    status: 'completed',
    started_at: at(1),
    completed_at: at(4),
    completed_day: null,
    expires_at: at(58),
    score: 0.25,
    time_spent_seconds: 30,
    hints_used: 0,
    attempts: 1,
    pending_evaluations: 0,
    version: 5,
    metadata: {
      reason: 'because',
      evaluation: {
        submission_id: 's1',
        verdict: 'WA',
        test_cases_passed: 1,
        test_cases_total: 4,
        runtime_ms: 5,
        memory_mb: 9.5,
        attempts: 1,
      },
      first_score: 0.25,
    },
    created_at: at(0),
  });
  expect([...(state?.judgings.values() ?? [])]).toMatchObject([
    {
      id: 'e1',
      status: 'evaluated',
      language: 'python',
      created_at: at(2),
      evaluated_at: at(3),
      score: 0.25,
    },
  ]);
});

test('what was typed goes with the event that says so, results stay', () => {
  const typed = fact('metadata_changed', { metadata: { note: 'mine' } });
  const evaluated = fact('evaluated', { ...RUN, ...RESULT });
  const state = replay([...BEGUN, evaluated, typed, fact('erased', { texts: 2 })]);
  expect(Object.keys(state?.task.metadata ?? {})).toEqual(['evaluation', 'first_score']);
});

test('an event that cannot follow stops the replay', () => {
  const [created, started] = BEGUN;
  if (created === undefined || started === undefined) throw new Error('no events');
  expect(() => replay([started])).toThrow('begins with started');
  expect(() => replay([created, created])).toThrow('created twice');
  expect(() => replay([created, fact('evaluated', { ...RUN, ...RESULT })])).toThrow(
    'evaluation e1 is unknown',
  );
  const state = replay([created]);
  expect(() => evolveTask(state, 'task', { fact: started, seq: 3, occurred_at: at(1) })).toThrow(
    'not the next one',
  );
});

test('an unknown type, an unknown version and an ill-formed payload stop it as well; an old version is brought up', () => {
  const renamed = { event_type: 'begun', schema_version: 1, payload: CREATED };
  expect(() => readTaskFact(renamed)).toThrow(UnknownEvent);
  expect(() => readTaskFact({ event_type: 'created', schema_version: 2, payload: CREATED })).toThrow(
    UnknownEvent,
  );
  expect(() => fact('created', { ...CREATED, color: 'red' })).toThrow(UnknownEvent);
  const upcasters = { 'begun@1': (event: typeof renamed) => ({ ...event, event_type: 'created' }) };
  expect(readTaskFact(renamed, upcasters as never).event_type).toBe('created');
});

const STATE: ReviewState = {
  due: at(9),
  stability: 3,
  difficulty: 5,
  scheduled_days: 3,
  reps: 1,
  lapses: 0,
  last_review: at(3),
};
const TASK: Learnt['task'] = {
  id: 'task',
  path_id: 'path',
  problem_id: 'two-sum',
  module: 'hashing',
  topic_tags: [],
  difficulty: 2,
};

function graded(review: number, card_version: number, source = 'evidence') {
  const whole = { params: reviewParams(0.9), elapsed_days: null, retrievability: null, before: null };
  const card = { card_version, ready_task_id: null, rule_version: 1 };
  return fact('graded', {
    problem_id: 'two-sum',
    review,
    grade: 'good',
    source,
    ...STATE,
    ...whole,
    ...card,
  });
}

function learnt(facts: readonly TaskFact[], task: Learnt['task'] = TASK): Learnt[] {
  return facts.map((told, index) => {
    const said = learningFact(told);
    if (said === null || task === null) throw new Error('says nothing');
    return { position: index + 1, occurred_at: at(index), task, fact: said };
  });
}

test('an own grade replaces the review before it, an undo takes the card away', () => {
  const { cards, reviews } = foldLearner(learnt([graded(1, 1), graded(2, 2, 'learner')]));
  expect(cards.get('two-sum')).toMatchObject({
    version: 2,
    path_id: 'path',
    state: STATE,
    updated_at: at(1),
  });
  expect([...reviews.values()].map(({ seq, undone_at }) => [seq, undone_at])).toEqual([
    [1, at(1)],
    [2, null],
  ]);
  const gone = {
    problem_id: 'two-sum',
    review: 1,
    card: null,
    card_version: null,
    ready_task_id: null,
    rule_version: 1,
  };
  const undone = foldLearner(learnt([graded(1, 1), fact('grade_undone', gone)]));
  expect(undone.cards.size).toBe(0);
  expect([...undone.reviews.values()]).toMatchObject([{ seq: 1, undone_at: at(1) }]);
});

test('the order is that of positions, and what an erasure kept is no newer than what has been taught since', () => {
  const topic = { topic: 'hashing', n: 1, reason: 'first-evidence', rule_version: 1 } as const;
  const row = (version: number, rating: number) => ({ ...topic, rating, version, updated_at: at(0) });
  const kept = readLearnerFact({
    event_type: 'learning_kept',
    schema_version: 1,
    payload: { mastery: [row(2, 1500)], forgotten: ['two-sum'], released: [] },
  });
  const { rule_version: _, updated_at: __, ...change } = row(3, 1600);
  const taught = fact('mastery_changed', {
    changes: [{ ...change, rating_before: 1500 }],
    rule_version: 1,
    level: null,
  });
  const [review] = learnt([graded(1, 1)]);
  const [lesson] = learnt([taught]);
  if (review === undefined || lesson === undefined) throw new Error('no facts');
  const state = foldLearner([
    { position: 9, occurred_at: at(9), task: null, fact: kept },
    { ...lesson, position: 8 },
    { ...review, position: 7 },
  ]);
  expect(state.mastery.get('hashing')).toMatchObject({ rating: 1600, version: 3 });
  expect(state.cards.size).toBe(0);
});

test('a path is its first config with the changes since', () => {
  const path = (event_type: string, payload: object) =>
    readPathFact({ event_type, schema_version: 1, payload });
  const created = path('path_created', { track_id: 'track', config: { horizon: 8, time_zone: 'UTC' } });
  const changed = path('path_changed', { config: { horizon: 9 } });
  expect(evolvePath(evolvePath(null, created, at(0)), changed, at(5))).toEqual({
    track_id: 'track',
    config: { horizon: 9, time_zone: 'UTC' },
    created_at: at(0),
    updated_at: at(5),
  });
  expect(() => evolvePath(null, changed, at(0))).toThrow('begins with path_changed');
});
