import { describe, expect, test } from 'vitest';
import { ProblemRecord } from '#contract/problem-bank.ts';
import { Language, Module } from '#contract/vocabulary.ts';
import { canonicalJson } from '#services/problem-bank/canonical.ts';
import { ownProblems } from '#services/problem-bank/problems/index.ts';

const problems = ownProblems.map((problem) => ProblemRecord.strict().parse(problem));

test('there are at least 56 problems, four or more in every module, of every difficulty', () => {
  expect(problems.length).toBeGreaterThanOrEqual(56);
  const inModule = (module: Module) => problems.filter((problem) => problem.module === module).length;
  expect(Module.options.filter((module) => inModule(module) < 4)).toEqual([]);
  expect(new Set(problems.map(({ difficulty }) => difficulty))).toEqual(new Set([1, 2, 3, 4, 5]));
});

test('a new path finds ten easy problems on arrays and strings', () => {
  const easy = problems.filter(({ module, difficulty }) => module === 'arrays-strings' && difficulty <= 2);
  expect(easy.length).toBeGreaterThanOrEqual(10);
});

test('ids and titles are unique', () => {
  expect(new Set(problems.map(({ problem_id }) => problem_id)).size).toBe(problems.length);
  expect(new Set(problems.map(({ title }) => title)).size).toBe(problems.length);
});

describe.each(problems.map((problem) => [problem.problem_id, problem] as const))('%s', (_, problem) => {
  test('has tests, hints and an estimate', () => {
    expect(problem.visible_tests.length).toBeGreaterThanOrEqual(2);
    expect(problem.visible_tests.length).toBeLessThanOrEqual(3);
    expect(problem.hidden_tests.length).toBeGreaterThanOrEqual(8);
    expect(problem.hints).toHaveLength(3);
    expect(problem.expected_minutes).not.toBeNull();
    expect(problem.topic_tags[0]).toBe(problem.module);
  });

  test('has a starter and a reference in both languages, for the same function', () => {
    expect(problem.languages.toSorted()).toEqual(Language.options.toSorted());
    for (const language of Language.options) {
      expect(problem.starter_code[language]).toContain(problem.entry_point);
      expect(problem.reference_solution?.[language]).toContain(problem.entry_point);
      expect(problem.reference_solution?.[language]).not.toBe(problem.starter_code[language]);
    }
  });

  test('calls the function with its parameters, never twice in the same way', () => {
    const calls = [...problem.visible_tests, ...problem.hidden_tests].map(({ args }) => args);
    expect(calls.filter((args) => args.length !== problem.params.length)).toEqual([]);
    expect(new Set(calls.map(canonicalJson)).size).toBe(calls.length);
  });
});
