import { expect, test } from 'vitest';
import { hintLadder, ladderHint, openingSentence } from '#services/tutor/ladder.ts';
import { attempt, tutorRequest } from './tutor-request.ts';

test.each([
  ['no attempt', {}, /^You have not tried this one yet/],
  ['blank code', { code: ' \n' }, /^You have not tried this one yet/],
  ['code but no attempt', { code: 'x = 1' }, /keep the code you have begun in view/],
  ['a pending attempt', { attempts: [attempt(1, { verdict: null })] }, /^Attempt 1 has not been judged/],
  ['a fault of the judge', { attempts: [attempt(1, { verdict: 'IE' })] }, /^Attempt 1 has not been judged/],
  [
    'an accepted attempt',
    { attempts: [attempt(1), attempt(2, { verdict: 'AC' })] },
    /^Attempt 2 was accepted/,
  ],
  ['code that does not compile', { attempts: [attempt(1, { verdict: 'CE' })] }, /could not be compiled/],
  [
    'failing visible tests',
    { attempts: [attempt(2, { verdict: 'RE' }), attempt(1)] },
    /^Attempt 2 ended with RE and passed 1 of 3 visible tests: begin with one that fails\.$/,
  ],
  [
    'only hidden tests failing',
    { attempts: [attempt(1, { verdict: 'TLE', visible_passed: 3 })] },
    /^Attempt 1 ended with TLE though it passed 3 of 3 visible tests/,
  ],
  [
    'several failures',
    { attempts: [attempt(1), attempt(2), attempt(3, { verdict: 'TLE' }), attempt(4, { visible_passed: 2 })] },
    /^You have tried 4 times without success and the last attempt ended with WA and passed 2 of 3/,
  ],
])('the first sentence takes %s in view', (_, fields, sentence) => {
  expect(openingSentence(tutorRequest(fields))).toMatch(sentence);
});

test.each([1, 2, 3])('gives away rung %i and no other', (level) => {
  const hint = ladderHint(tutorRequest({ level }));
  const rungs = ['Rung one.', 'Rung two.', 'Rung three.'];
  expect(rungs.filter((rung) => hint.includes(rung))).toEqual([rungs[level - 1]]);
});

test('beyond the last rung it goes over the way again', () => {
  const hint = ladderHint(tutorRequest({ level: 7 }));
  expect(hint).toContain('Rung one.');
  expect(hint).toContain('Rung three.');
  expect(hint).toContain('pair_sum([2,7], 9)');
});

test('repeats the question before the hint', () => {
  expect(ladderHint(tutorRequest({ question: ' Why is it slow? ' }))).toMatch(
    /You asked: “Why is it slow\?”\. Rung one\.$/,
  );
  expect(ladderHint(tutorRequest({ question: '  ' }))).not.toContain('You asked');
});

test('a problem without hints gets three of its own', () => {
  const ladder = hintLadder(tutorRequest({ hint_ladder: [] }));
  expect(ladder).toHaveLength(3);
  expect(ladder[0]).toContain('pair_sum([2,7], 9)');
  expect(ladder[1]).toContain('map');
});
