import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { createCursorCodec } from '#worker/crypto/cursor.ts';
import { AppError } from '#worker/errors.ts';

const codec = createCursorCodec('a secret of at least 32 characters');
const Key = z.array(z.union([z.string(), z.number()]));
const scope = { learnerId: 'learner', list: 'study-tasks', filters: { module: ['hashing'] } };
const key = ['2026-03-01T10:00:00.000Z', crypto.randomUUID()];

const keys = fc.array(fc.oneof(fc.string({ unit: 'grapheme', maxLength: 40 }), fc.maxSafeInteger()), {
  maxLength: 4,
});
const scopes = fc.record({
  learnerId: fc.string(),
  list: fc.string(),
  filters: fc.jsonValue({ maxDepth: 2 }),
});

async function refused(opening: Promise<unknown>): Promise<void> {
  const error = await opening.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(AppError);
  expect(error).toMatchObject({ code: 'invalid-cursor', extras: { errors: [{ path: 'cursor' }] } });
}

test('what was sealed opens in its own scope, whatever it holds', async () => {
  await fc.assert(
    fc.asyncProperty(scopes, keys, async (own, sealed) => {
      const cursor = await codec.seal(own, sealed);
      expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/);
      expect(await codec.open(own, cursor, Key)).toEqual(JSON.parse(JSON.stringify(sealed)));
    }),
  );
});

test('it opens in no other scope', async () => {
  await fc.assert(
    fc.asyncProperty(scopes, scopes, keys, async (own, other, sealed) => {
      fc.pre(JSON.stringify(Object.values(own)) !== JSON.stringify(Object.values(other)));
      await refused(codec.open(other, await codec.seal(own, sealed), Key));
    }),
  );
});

test('changing, cutting or lengthening it anywhere makes it worthless', async () => {
  const cursor = await codec.seal(scope, key);
  const letter = fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=.+/%');
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: cursor.length - 1 }), letter, async (at, other) => {
      fc.pre(cursor[at] !== other);
      await refused(codec.open(scope, cursor.slice(0, at) + other + cursor.slice(at + 1), Key));
      await refused(codec.open(scope, cursor.slice(0, at), Key));
      await refused(codec.open(scope, cursor + other, Key));
    }),
    { numRuns: 300 },
  );
});

test('any text that nobody sealed is refused', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.string(), fc.base64String({ maxLength: 2000 })), (text) =>
      refused(codec.open(scope, text, Key)),
    ),
  );
});

test('another secret, an older version, and a key of another form', async () => {
  const cursor = await codec.seal(scope, key);
  await refused(createCursorCodec('another secret of 32 characters..').open(scope, cursor, Key));
  const bytes = Buffer.from(cursor, 'base64url');
  bytes[0] = 0;
  await refused(codec.open(scope, bytes.toString('base64url'), Key));
  await refused(codec.open(scope, cursor, z.tuple([z.int()])));
});

test('it tells a place and nothing else', async () => {
  const own = { learnerId: 'somebody', list: 'study-tasks', filters: { topic: ['secret-topic'] } };
  const text = Buffer.from(await codec.seal(own, key), 'base64url').toString('latin1');
  expect(text).not.toMatch(/somebody|secret-topic|study-tasks/);
});
