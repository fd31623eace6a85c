import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { decrypt, encrypt, importKey } from '#worker/crypto/aes-gcm.ts';

const file = new URL('../../../shared/security/wycheproof/testvectors_v1/aes_gcm_test.json', import.meta.url);

type Vector = { tcId: number; result: string } & Record<'key' | 'iv' | 'aad' | 'msg' | 'ct' | 'tag', string>;
type Group = { ivSize: number; keySize: number; tagSize: number; tests: Vector[] };

const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));

test.skipIf(!existsSync(file))('AES-GCM opens exactly the valid vectors of Wycheproof', async () => {
  const groups: Group[] = JSON.parse(readFileSync(file, 'utf8')).testGroups;
  const vectors = groups
    .filter((group) => group.keySize !== 192 && group.tagSize === 128)
    .flatMap((group) => group.tests.map((vector) => ({ ...vector, ours: group.ivSize === 96 })));
  const wrong: number[] = [];
  for (const { tcId, key, iv, aad, msg, ct, tag, result, ours } of vectors) {
    const secret = await importKey(bytes(key));
    const opened = await decrypt(secret, bytes(iv), bytes(ct + tag), bytes(aad));
    const expected = ours && result === 'valid' ? msg : null;
    if ((opened && Buffer.from(opened).toString('hex')) !== expected) wrong.push(tcId);
    if (expected === null) continue;
    const sealed = await encrypt(secret, bytes(iv), bytes(msg), bytes(aad));
    if (Buffer.from(sealed).toString('hex') !== ct + tag) wrong.push(tcId);
  }
  expect(wrong).toEqual([]);
  expect(vectors.filter(({ ours, result }) => ours && result === 'invalid').length).toBeGreaterThan(40);
  expect(vectors.filter(({ ours, result }) => ours && result === 'valid').length).toBeGreaterThan(60);
});
