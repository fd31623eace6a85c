import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { folded } from '#domain/tasks/search.ts';
import type { RunningDatabase } from '#services/neon/index.ts';
import { startMigratedDatabase } from '../support/postgres.ts';

let database: RunningDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await startMigratedDatabase();
  client = new pg.Client({ connectionString: database.postgresUrl });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.close();
});

/** Letters and signs of the scripts in which problems are named, and all that folding has a rule for. */
const RANGES: readonly (readonly [number, number])[] = [
  [0x20, 0x58f],
  [0x1ab0, 0x1abe],
  [0x1dc0, 0x1df5],
  [0x1e00, 0x24ff],
  [0x3041, 0x30ff],
  [0xa78c, 0xa78c],
  [0xac00, 0xac40],
  [0xfb00, 0xfb06],
  [0xfe20, 0xfe6f],
  [0xfeff, 0xffef],
];

test('the database folds a text exactly as the rules do', async () => {
  const characters = RANGES.flatMap(([from, to]) =>
    Array.from({ length: to - from + 1 }, (_, index) => String.fromCodePoint(from + index)),
  ).filter((character) => /\p{Assigned}/u.test(character));
  const texts = characters.flatMap((character) => [character, `a${character}`, `${character}\u0301e`]);
  const { rows } = await client.query<{ text: string; made: string }>(
    'select text, fold_search(text) as made from unnest($1::text[]) with ordinality t(text, at) order by at',
    [texts],
  );
  expect(rows).toHaveLength(texts.length);
  const different = rows.filter(({ text, made }) => made !== folded(text));
  expect(different.map(({ text, made }) => [text, made, folded(text)])).toEqual([]);
});
