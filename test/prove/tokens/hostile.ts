import { base64url } from 'jose';
import { flipBit, goodClaims, type Key, makeKey, signed } from './forge.ts';
import { algorithms, claims, confusion, keyPointers, shapes, swaps, types } from './hostile-parts.ts';

/** A hostile token, or a whole Authorization header when it holds a space. */
export type Hostile = { kind: string; header: string };

/** Tokens of more than 20 kinds, none of which may be let in. */
export async function hostileTokens(keys: readonly Key[]): Promise<Hostile[]> {
  const all: Hostile[] = [];
  const add = (kind: string, tokens: readonly string[]) => {
    for (const token of tokens) all.push({ kind, header: `Bearer ${token}` });
  };
  add('another algorithm', await algorithms(keys));
  add('public key as secret', await confusion(keys));
  add('swapped parts', await swaps(keys));
  for (const key of keys) {
    const token = await signed(key);
    const [header = '', payload = '', signature = ''] = token.split('.');
    const forger = await makeKey(key.alg, key.kid);
    add('pointer to a key', await keyPointers(key));
    add('another type', await types(key));
    for (const [kind, made] of await claims(key)) add(`claim ${kind}`, [made]);
    add('shape', shapes(token));
    add(
      'forged key',
      await Promise.all(
        Array.from({ length: 20 }, (_, n) => signed(forger, { ...goodClaims(), sub: `l${n}` })),
      ),
    );
    const bits = base64url.decode(signature).length * 8;
    const steps = Array.from({ length: Math.min(bits, 1024) }, (_, n) =>
      Math.floor((n * bits) / Math.min(bits, 1024)),
    );
    add(
      'signature bit',
      steps.map((bit) => `${header}.${payload}.${flipBit(signature, bit)}`),
    );
    const length = base64url.decode(payload).length * 8;
    add(
      'payload bit',
      Array.from({ length }, (_, bit) => `${header}.${flipBit(payload, bit)}.${signature}`),
    );
    const head = base64url.decode(header).length * 8;
    add(
      'header bit',
      Array.from({ length: head }, (_, bit) => `${flipBit(header, bit)}.${payload}.${signature}`),
    );
    add(
      'not JSON in the header',
      await Promise.all(
        ['', 'null', '[]', '{', '"x"', '\ufeff{}'].map((text) => signed(key, goodClaims(), text)),
      ),
    );
    add('too long', [
      await signed(key, { ...goodClaims(), more: 'x'.repeat(9000) }),
      await signed(key, { ...goodClaims(), deep: JSON.parse(`${'['.repeat(3000)}${']'.repeat(3000)}`) }),
    ]);
    for (const scheme of ['Basic', 'Token', 'JWT', 'Bearer:', 'Bearer\t', 'Bearer,', '', 'Negotiate']) {
      all.push({ kind: 'another scheme', header: `${scheme} ${token}` });
    }
    for (const form of [
      `Bearer ${token}, Bearer ${token}`,
      `Bearer "${token}"`,
      `Bearer ${token} x`,
      `Bearer ${token},`,
    ]) {
      all.push({ kind: 'another header', header: form });
    }
  }
  return all;
}
