import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { createTokenVerifier } from '#worker/auth/token.ts';
import { AppError } from '#worker/errors.ts';
import { ISSUER, sourceOf } from './support-auth.ts';

type Vector = { tcId: number; jws: unknown; result: string };
type Group = { public?: object; private?: object; tests: Vector[] };

const FILE = path.join(
  import.meta.dirname,
  '../../../shared/security/wycheproof/testvectors_v1/json_web_signature_test.json',
);

/** The vectors sign `foo`, which is no claims set: being refused for that alone means that the signature passed. */
async function passesSignature(keys: unknown[], jws: string): Promise<boolean> {
  const verifier = createTokenVerifier({ issuer: ISSUER, keys: sourceOf(keys) });
  try {
    await verifier.verify(jws);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return error.cause === 'no-claims';
  }
  return true;
}

it.skipIf(!existsSync(FILE))('Wycheproof: no forged signature passes (vectors in ../shared)', async () => {
  const { testGroups } = JSON.parse(readFileSync(FILE, 'utf8')) as { testGroups: Group[] };
  const passed: Record<string, number[]> = { valid: [], invalid: [] };
  let run = 0;
  for (const group of testGroups) {
    for (const { jws, result, tcId } of group.tests) {
      if (typeof jws !== 'string') continue;
      run += 1;
      if (await passesSignature([group.public ?? group.private], jws)) passed[result]?.push(tcId);
    }
  }
  expect(passed.invalid).toEqual([]);
  expect(passed.valid?.length).toBeGreaterThanOrEqual(8);
  expect(run).toBeGreaterThan(380);
});
