import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { createKeyRing } from '#cli/keys/ring.ts';
import { createCipher } from '#worker/crypto/cipher.ts';
import { openTranscript, sealTranscript, transcriptSeal } from '#worker/crypto/transcript.ts';
import { alteredCiphertexts } from '../prove/ciphertexts.ts';
import { buggyCipher, CIPHER_BUGS } from '../prove/mutants/ciphertexts.ts';

test('of 10,000 altered ciphertexts none opens', async () => {
  const { tried, opened } = await alteredCiphertexts({ seed: 6, runs: 10_000 });
  expect(opened).toEqual([]);
  expect(Object.keys(tried)).toHaveLength(9);
  expect(Math.min(...Object.values(tried))).toBeGreaterThan(500);
  // The same search finds a cipher that is not bound to its row.
  const [unbound] = CIPHER_BUGS;
  const { opened: found } = await alteredCiphertexts(
    { seed: 6, runs: 300 },
    await buggyCipher(unbound?.changes ?? []),
  );
  expect(found.length).toBeGreaterThan(10);
});

const place = { table: 'task_evaluations', learnerId: 'a"b', taskId: 't', rowId: 'r' };

test('the key ring of the commands and that of the Worker open what the other has sealed, and nothing else', async () => {
  const [k1, k2] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')];
  const worker = createCipher([
    ['k2', k2],
    ['k1', k1],
  ]);
  const ring = createKeyRing(`k2:${k2}, k1:${k1}`);
  for (const text of ['', 'print("✓")', '😀'.repeat(1000)]) {
    expect(await worker.open(ring.seal(text, place), place)).toBe(text);
    expect(ring.open(await worker.seal(text, place), place)).toEqual({ ok: true, plain: text });
    expect(ring.open(await createCipher([['k1', k1]]).seal(text, place), place)).toMatchObject({ ok: true });
  }
  const sealed = await worker.seal('code', place);
  const refusals = [
    [sealed, { ...place, rowId: 'other' }, 'does-not-open'],
    [sealed.replace('v1.k2.', 'v1.k1.'), place, 'does-not-open'],
    [sealed.replace('v1.k2.', 'v1.k3.'), place, 'unknown-key'],
    [sealed.slice(0, -1), place, 'format'],
    [`${sealed}AAAA`, place, 'does-not-open'],
    ['sealed', place, 'format'],
  ] as const;
  for (const [text, where, reason] of refusals) expect(ring.open(text, where)).toEqual({ ok: false, reason });
});

test('a ring that is not whole is refused', () => {
  const key = randomBytes(32).toString('base64');
  for (const text of ['', 'k1', `k1:${key},`, `k1:${key},k1:${key}`, `k 1:${key}`, `k1:${key.slice(4)}`])
    expect(() => createKeyRing(text)).toThrow('CODE_ENCRYPTION_KEYS');
});

test('a transcript is held against its digest in the log, which tells nothing of it', async () => {
  const cipher = createCipher([['k1', randomBytes(32).toString('base64')]]);
  const seal = transcriptSeal('l', 't', 'h');
  const said = { level: 1, question: 'why?', received: 'event: delta\n' };
  const [one, two] = [await sealTranscript(cipher, seal, said), await sealTranscript(cipher, seal, said)];
  expect(one.sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(one.sha256).not.toBe(two.sha256);
  expect(await openTranscript(cipher, seal, one.sealed, one.sha256)).toMatchObject({ question: 'why?' });
  for (const other of [two.sha256, null])
    await expect(openTranscript(cipher, seal, one.sealed, other)).rejects.toMatchObject({
      code: 'integrity-error',
    });
  const first = await cipher.seal(JSON.stringify(said), seal);
  expect(await openTranscript(cipher, seal, first, 'f'.repeat(64))).toMatchObject({ question: 'why?' });
});
