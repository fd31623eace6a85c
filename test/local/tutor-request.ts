import type { TutorRequest } from '#contract/tutor.ts';

type Attempt = TutorRequest['attempts'][number];

/** An attempt in Python whose last field changes are given. */
export function attempt(number: number, fields: Partial<Attempt> = {}): Attempt {
  return {
    attempt: number,
    language: 'python',
    verdict: 'WA',
    visible_passed: 1,
    visible_total: 3,
    at: '2026-11-01T10:00:00Z',
    ...fields,
  };
}

/** What the Worker asks the tutor: a problem with three hints, no attempt yet. */
export function tutorRequest(fields: Partial<TutorRequest> = {}): TutorRequest {
  return {
    request_id: 'request-1',
    problem: {
      problem_id: 'pair-sum',
      title: 'Pair with a sum',
      statement: 'Find two positions whose numbers add up to the target.',
      module: 'hashing',
      topic_tags: ['hashing'],
      difficulty: 2,
      entry_point: 'pair_sum',
      params: ['numbers', 'target'],
      languages: ['python', 'javascript'],
      starter_code: { python: 'def pair_sum(numbers, target):\n    pass\n' },
      visible_tests: [{ args: [[2, 7], 9], expected: [0, 1] }],
      comparison: 'exact',
      signature: null,
      expected_minutes: 15,
      source: 'study-paths',
      source_ref: null,
      licence: 'MIT',
      attribution: null,
      hidden_test_count: 9,
      hint_count: 3,
      content_hash: 'c0ffee',
    },
    hint_ladder: ['Rung one.', 'Rung two.', 'Rung three.'],
    level: 1,
    question: null,
    language: 'python',
    code: null,
    attempts: [],
    earlier_hints: [],
    ...fields,
  };
}
