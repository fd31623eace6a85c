import { randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createCipher } from '#worker/crypto/cipher.ts';

const key = () => randomBytes(32).toString('base64');
const context = { table: 'task_evaluations', learnerId: 'l', taskId: 't', rowId: 'r' };
const refusal = { name: 'AppError', code: 'integrity-error' };

test('what is sealed opens again, byte for byte', async () => {
  const cipher = createCipher([['k1', key()]]);
  const texts = fc.string({ unit: 'grapheme', maxLength: 200 });
  await fc.assert(
    fc.asyncProperty(texts, async (text) => {
      expect(await cipher.open(await cipher.seal(text, context), context)).toBe(text);
    }),
    { numRuns: 300 },
  );
  for (const text of ['', '\uFEFFbom', '\0', 'x'.repeat(65_536), '😀'.repeat(30_000)])
    expect(await cipher.open(await cipher.seal(text, context), context)).toBe(text);
});

test('the format names version and key, and an IV is never used twice', async () => {
  const cipher = createCipher([['k-1_A', key()]]);
  const sealed = await Promise.all(Array.from({ length: 10_000 }, () => cipher.seal('same', context)));
  expect(sealed[0]).toMatch(/^v1\.k-1_A\.[A-Za-z0-9_-]{16}\.[A-Za-z0-9_-]{27}$/);
  expect(new Set(sealed.map((text) => text.split('.')[2])).size).toBe(10_000);
});

test('half of a surrogate pair is not silently changed', async () => {
  await expect(createCipher([['k1', key()]]).seal('\ud800', context)).rejects.toBeInstanceOf(TypeError);
});

test('a text opens in its own row only', async () => {
  const cipher = createCipher([['k1', key()]]);
  const sealed = await cipher.seal('code', context);
  for (const other of [{ table: 'x' }, { learnerId: 'x' }, { taskId: 'x' }, { rowId: 'x' }])
    await expect(cipher.open(sealed, { ...context, ...other })).rejects.toMatchObject(refusal);
});

test('parts of a row name that run together are told apart', async () => {
  const cipher = createCipher([['k1', key()]]);
  const sealed = await cipher.seal('code', { ...context, learnerId: 'a","b', taskId: 'c' });
  const shifted = { ...context, learnerId: 'a', taskId: 'b","c' };
  await expect(cipher.open(sealed, shifted)).rejects.toMatchObject(refusal);
});

test('every changed, dropped or added character is noticed', async () => {
  const cipher = createCipher([['k1', key()]]);
  const sealed = await cipher.seal('print("hello")', context);
  const forged: string[] = [
    `${sealed}A`,
    `${sealed}.x`,
    `${sealed}=`,
    '',
    'v1',
    'v1.k1..',
    sealed.replace('v1', 'v2'),
  ];
  for (let at = 0; at < sealed.length; at += 1) {
    forged.push(sealed.slice(0, at), sealed.slice(0, at) + sealed.slice(at + 1));
    for (const other of ['A', 'B', '-', '.', 'é'])
      if (sealed[at] !== other) forged.push(sealed.slice(0, at) + other + sealed.slice(at + 1));
  }
  const outcomes = await Promise.allSettled(forged.map((text) => cipher.open(text, context)));
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toEqual([]);
  for (const outcome of outcomes) expect(outcome).toMatchObject({ reason: refusal });
});

test('the first key seals, older ones still open, a key that is gone is named as such', async () => {
  const [old, fresh] = [key(), key()];
  const sealed = await createCipher([['old', old]]).seal('code', context);
  const rotated = createCipher([
    ['new', fresh],
    ['old', old],
  ]);
  expect(await rotated.open(sealed, context)).toBe('code');
  expect(await rotated.seal('code', context)).toMatch(/^v1\.new\./);
  await expect(createCipher([['new', fresh]]).open(sealed, context)).rejects.toMatchObject(refusal);
  await expect(createCipher([['old', fresh]]).open(sealed, context)).rejects.toMatchObject(refusal);
});

test('a text cannot be passed off as sealed by another key of the same bytes', async () => {
  const same = key();
  const cipher = createCipher([
    ['a', same],
    ['b', same],
  ]);
  const sealed = await cipher.seal('code', context);
  await expect(cipher.open(sealed.replace('v1.a.', 'v1.b.'), context)).rejects.toMatchObject(refusal);
});
