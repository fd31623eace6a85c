import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createJwks } from '#worker/auth/jwks.ts';
import { createTokenVerifier } from '#worker/auth/token.ts';
import { AppError } from '#worker/errors.ts';
import { ISSUER } from './forge.ts';

/** Folder of the test data on hostile input: `SECURITY_DATA`, else beside the checkout. */
export const SECURITY_DATA =
  process.env.SECURITY_DATA ?? path.join(import.meta.dirname, '../../../../shared/security');

const FILE = path.join(SECURITY_DATA, 'wycheproof/testvectors_v1/json_web_signature_test.json');

type Vector = { tcId: number; jws: unknown; result: string };
type Group = { public?: object; private?: object; tests: Vector[] };

/** The vectors sign `foo`, which is no claims set: being refused for that alone means that the signature passed. */
async function passes(key: unknown, jws: string): Promise<boolean> {
  const keys = createJwks({
    url: 'https://issuer.invalid',
    fetch: async () => Response.json({ keys: [key] }),
  });
  try {
    await createTokenVerifier({ issuer: ISSUER, keys }).verify(jws);
  } catch (error) {
    return error instanceof AppError && error.cause === 'no-claims';
  }
  return true;
}

/** Wycheproof's signatures through our verifier; null when the vectors are not at hand. */
export async function wycheproof(): Promise<{ run: number; valid: number; problems: string[] } | null> {
  if (!existsSync(FILE)) return null;
  const { testGroups } = JSON.parse(readFileSync(FILE, 'utf8')) as { testGroups: Group[] };
  const problems: string[] = [];
  let [run, valid] = [0, 0];
  for (const group of testGroups) {
    for (const { jws, result, tcId } of group.tests) {
      if (typeof jws !== 'string') continue;
      run += 1;
      if (!(await passes(group.public ?? group.private, jws))) continue;
      if (result === 'invalid') problems.push(`Wycheproof ${tcId} is forged and passes`);
      else valid += 1;
    }
  }
  return { run, valid, problems };
}
