import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TaskFact } from '#contract/events.ts';
import { EvaluationSummary } from '#contract/submissions.ts';
import { TaskKind, TaskStatus } from '#contract/vocabulary.ts';
import {
  CompletionRules,
  decideSettlement,
  type Judged,
  type Judging,
  type SettleState,
  timeSpent,
} from '#domain/evaluations/settle.ts';
import { takesCommand } from '#domain/tasks/lifecycle.ts';

const STARTED = '2026-03-01T10:00:00.000Z';
const SUBMITTED = '2026-03-01T10:07:30.000Z';
const NOW = '2026-03-01T10:07:32.500Z';
const FIRST_ATTEMPT = CompletionRules.parse({});
const UNTIL_PASSED = CompletionRules.parse({ completion: 'until_passed' });

const inProgress: SettleState = {
  status: 'in_progress',
  version: 4,
  score: null,
  metadata: {},
  started_at: STARTED,
  completed_at: null,
  completed_day: null,
  time_spent_seconds: null,
  attempts: 1,
  pending_evaluations: 1,
};
const judging: Judging = {
  id: 'e1',
  submission_id: 's1',
  attempt: 1,
  run: 1,
  submitted_at: SUBMITTED,
  day: '2026-03-01',
  reported_seconds: null,
  prior_verdict: null,
  repeat: false,
};

function result(passed: number, total = 10): Judged {
  return {
    verdict: passed === total ? 'AC' : 'WA',
    passed,
    total,
    runtime_ms: 15,
    memory_mb: 12.5,
    error_message: null,
    tests: [],
    hidden: { total, passed, first_failed: null },
    content_hash: 'c',
    tests_hash: 't',
    engine: 'judge 1.0',
  };
}

test('the first result completes a task in progress with its score, time and summary', () => {
  const settled = decideSettlement(inProgress, FIRST_ATTEMPT, judging, result(6), NOW);
  expect(settled).toMatchObject({
    status: 'completed',
    score: 0.6,
    completed_at: NOW,
    time_spent_seconds: 450,
    metadata: { first_score: 0.6, evaluation: { submission_id: 's1', verdict: 'WA', attempts: 1 } },
  });
  expect(settled.events.map((fact) => fact.event_type)).toEqual(['evaluated', 'status_changed']);
  expect(settled.events[1]?.payload).toEqual({
    from: 'in_progress',
    to: 'completed',
    at: NOW,
    reason: null,
    time_spent_seconds: 450,
    day: '2026-03-01',
  });
});

test('a path that waits for a pass keeps the task in progress until every test passes', () => {
  const failed = decideSettlement(inProgress, UNTIL_PASSED, judging, result(9), NOW);
  expect(failed).toMatchObject({ status: 'in_progress', completed_at: null, time_spent_seconds: null });
  expect(failed.events.map((fact) => fact.event_type)).toEqual(['evaluated']);
  const passed = decideSettlement(inProgress, UNTIL_PASSED, judging, result(10), NOW);
  expect(passed).toMatchObject({ status: 'completed', score: 1 });
});

test('a later attempt at a completed task raises the score and leaves completion and first score alone', () => {
  const completed: SettleState = {
    ...inProgress,
    status: 'completed',
    score: 0.4,
    metadata: { first_score: 0.4, note: 'mine' },
    completed_at: '2026-02-28T09:00:00.000Z',
    time_spent_seconds: 77,
    attempts: 2,
  };
  const settled = decideSettlement(completed, FIRST_ATTEMPT, { ...judging, attempt: 2 }, result(10), NOW);
  expect(settled).toMatchObject({
    status: 'completed',
    score: 1,
    completed_at: '2026-02-28T09:00:00.000Z',
    time_spent_seconds: 77,
  });
  expect(settled.metadata).toMatchObject({ first_score: 0.4, evaluation: { verdict: 'AC', attempts: 2 } });
  expect(settled.events).toHaveLength(1);
});

test('the first result of a problem that the learner had met is a repeat; later results do not say it again', () => {
  const again = decideSettlement(inProgress, UNTIL_PASSED, { ...judging, repeat: true }, result(6), NOW);
  expect(again.events[0]?.payload).toMatchObject({ first_score: 0.6, repeat: true });
  expect(again.metadata).toMatchObject({ first_score: 0.6, repeat: true });

  const state: SettleState = { ...inProgress, score: 0.6, metadata: again.metadata, attempts: 2 };
  const later = decideSettlement(state, UNTIL_PASSED, { ...judging, repeat: true }, result(10), NOW);
  expect(later.events[0]?.payload).not.toHaveProperty('repeat');
  expect(later.metadata).toMatchObject({ first_score: 0.6, repeat: true });

  const ce = { ...result(0), verdict: 'CE' as const, error_message: 'SyntaxError' };
  const broken = decideSettlement(inProgress, FIRST_ATTEMPT, { ...judging, repeat: true }, ce, NOW);
  expect(broken.metadata).not.toHaveProperty('repeat');
});

test.each([FIRST_ATTEMPT, UNTIL_PASSED])(
  'a CE is counted and changes nothing else, whatever completes',
  (rules) => {
    const ce = { ...result(0), verdict: 'CE' as const, error_message: 'SyntaxError' };
    const first = decideSettlement(inProgress, rules, judging, ce, NOW);
    expect(first.events.map((fact) => fact.event_type)).toEqual(['evaluated']);
    expect(first.events[0]?.payload).toMatchObject({
      best_score: null,
      first_score: null,
      compile_errors: 1,
    });
    expect(first).toMatchObject({ status: 'in_progress', score: null, completed_at: null });
    expect(first).toMatchObject({ metadata: { compile_errors: 1 }, pending_evaluations: 0 });
    expect(first.metadata).toEqual({ compile_errors: 1 });

    const state: SettleState = { ...inProgress, metadata: first.metadata, attempts: 2 };
    const passed = decideSettlement(state, rules, { ...judging, attempt: 2 }, result(10), NOW);
    expect(passed).toMatchObject({ status: 'completed', score: 1 });
    expect(passed.metadata).toMatchObject({ first_score: 1, compile_errors: 1 });

    const later: SettleState = { ...state, ...passed };
    const after = decideSettlement(later, rules, { ...judging, attempt: 3 }, ce, NOW);
    expect(after).toMatchObject({ status: 'completed', score: 1 });
    expect(after.metadata).toEqual({ ...passed.metadata, compile_errors: 2 });
  },
);

test('a CE that another run takes back is no longer counted', () => {
  const state: SettleState = { ...inProgress, metadata: { compile_errors: 1 } };
  const run = { ...judging, run: 2, prior_verdict: 'CE' as const };
  expect(decideSettlement(state, FIRST_ATTEMPT, run, result(10), NOW).metadata.compile_errors).toBe(0);
  const again = decideSettlement(state, FIRST_ATTEMPT, run, { ...result(0), verdict: 'CE' }, NOW);
  expect(again.metadata.compile_errors).toBe(1);
});

test('a first score of 0 is kept as the first score', () => {
  const state: SettleState = { ...inProgress, status: 'completed', score: 0, metadata: { first_score: 0 } };
  expect(decideSettlement(state, FIRST_ATTEMPT, judging, result(5), NOW).metadata.first_score).toBe(0);
});

test.each(['skipped', 'expired', 'scheduled'] as const)(
  'a result that finds its task %s is recorded without changing the status',
  (status) => {
    const settled = decideSettlement({ ...inProgress, status }, FIRST_ATTEMPT, judging, result(10), NOW);
    expect(settled).toMatchObject({ status, score: 1, completed_at: null });
    expect(settled.events.map((fact) => fact.event_type)).toEqual(['evaluated']);
  },
);

test.each([
  ['measured', {}, 450],
  ['reported less', { reported_seconds: 100 }, 100],
  ['reported more', { reported_seconds: 5000 }, 450],
  ['longer than the cap', { submitted_at: '2026-03-02T10:00:00.000Z' }, 7200],
  ['submitted by a clock that is behind', { submitted_at: '2026-03-01T09:59:59.000Z' }, 0],
] as const)('time spent, %s', (_, change, seconds) => {
  expect(timeSpent(STARTED, { ...judging, ...change }, FIRST_ATTEMPT)).toBe(seconds);
});

test('code is taken for problems and reviews that are not given up or missed', () => {
  const taken = TaskStatus.options.flatMap((status) =>
    TaskKind.options
      .filter((kind) => takesCommand('submit', { status, kind }))
      .map((kind) => `${kind} ${status}`),
  );
  expect(taken).toEqual([
    'problem scheduled',
    'review scheduled',
    'problem in_progress',
    'review in_progress',
    'problem completed',
    'review completed',
  ]);
});

const Result = fc
  .integer({ min: 1, max: 200 })
  .chain((total) => fc.integer({ min: 0, max: total }).map((passed) => result(passed, total)));

test('over any sequence of results: best score, fixed first score, completion that stays, contiguous events', () => {
  fc.assert(
    fc.property(
      fc.array(Result, { minLength: 1, maxLength: 12 }),
      fc.constantFrom(FIRST_ATTEMPT, UNTIL_PASSED),
      (results, rules) => {
        let state: SettleState = inProgress;
        const scores: number[] = [];
        const seqs: number[] = [];
        results.forEach((judged, index) => {
          const now = new Date(Date.parse(NOW) + index * 1000).toISOString();
          const attempts = index + 1;
          const settled = decideSettlement(
            { ...state, attempts },
            rules,
            { ...judging, attempt: attempts },
            judged,
            now,
          );
          for (const fact of settled.events) TaskFact.parse(fact);
          EvaluationSummary.parse(settled.metadata.evaluation);
          scores.push(judged.passed / judged.total);
          seqs.push(...settled.events.map((_, place) => state.version + 1 + place));
          const wasCompleted = state.status === 'completed' ? state.completed_at : null;
          state = { ...state, ...settled, attempts, version: state.version + settled.events.length };

          expect(state.score).toBe(Math.max(...scores));
          expect(state.metadata.first_score).toBe(scores[0]);
          const done = rules === FIRST_ATTEMPT || scores.includes(1);
          expect(state.status).toBe(done ? 'completed' : 'in_progress');
          expect(state.completed_at !== null).toBe(done);
          if (wasCompleted !== null) expect(state.completed_at).toBe(wasCompleted);
        });
        expect(seqs).toEqual(seqs.map((_, place) => 5 + place));
        expect(state.version).toBe(4 + seqs.length);
      },
    ),
  );
});
