import { Module } from '#contract/vocabulary.ts';

/** Stands in every hidden test of these problems: no answer, event, export or log may ever hold it. */
export const HIDDEN_CANARY = 'canary-hidden-7f3a';

const PER_MODULE = 12;

/** A small bank: every module, difficulties 1 to 5, two visible and two hidden tests each. */
export const PROBLEMS: readonly unknown[] = Module.options.flatMap((module) =>
  Array.from({ length: PER_MODULE }, (_, index) => ({
    problem_id: `${module}-${index}`,
    title: `${module} ${index}`,
    statement: 'Return the argument.',
    module,
    topic_tags: [`${module}-a`, ...(index % 2 === 0 ? [`${module}-b`] : [])],
    difficulty: 1 + (index % 5),
    entry_point: 'echo',
    params: ['value'],
    languages: index % 6 === 5 ? ['python'] : ['python', 'javascript'],
    starter_code: { python: 'def echo(value):\n    pass\n' },
    visible_tests: [
      { args: [1], expected: 1 },
      { args: [2], expected: 2 },
    ],
    hidden_tests: [
      { args: [HIDDEN_CANARY], expected: HIDDEN_CANARY },
      { args: [`${HIDDEN_CANARY}-2`], expected: `${HIDDEN_CANARY}-2` },
    ],
    comparison: 'exact',
    hints: ['Look at it.', 'Give it back.'],
    expected_minutes: 10,
  })),
);
