import { expect, test } from 'vitest';
import { allStatements, ctesOf } from '../support/statements.ts';

/** Lines that a reader can take in, and common table expressions, of which a cron may have more. */
const MOST_LINES = 60;
const MOST_CTES = 5;

/** Each acts on many learners or all rows of one at once, in the background; they are to become shorter, not more. */
const LONGER = ['detach-learner-rows', 'make-review-tasks'];

test('every statement can be read: at most 60 lines and five common table expressions', async () => {
  const statements = await allStatements();
  expect(statements.length).toBeGreaterThan(90);
  const long = statements.filter(
    ({ text }) => text.split('\n').length > MOST_LINES || ctesOf(text) > MOST_CTES,
  );
  expect(long.map(({ name }) => name)).toEqual(LONGER);
});

test('no two statements have one name, by which logs and planted bugs know them', async () => {
  const names = (await allStatements()).map(({ name }) => name);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});
