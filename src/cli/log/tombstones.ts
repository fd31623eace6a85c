import { canonicalJson } from './canonical.ts';
import { type Break, GENESIS, sha256 } from './chain.ts';
import type { Ask } from './read.ts';

type Tombstone = { seq: number; told: string; prev_hash: string; hash: string };

/** The first tombstone that breaks the chain of erasures. */
export async function brokenTombstone(ask: Ask): Promise<Break | null> {
  const { rows } = await ask.query<Tombstone>(
    `select seq, jsonb_build_object('seq', seq, 'id', id, 'scope', scope, 'removed', removed,
       'heads', encode(heads, 'hex'), 'erased_at', iso_instant(erased_at))::text as told,
       encode(prev_hash, 'hex') as prev_hash, encode(hash, 'hex') as hash
     from erasures order by seq`,
  );
  let prior = GENESIS;
  for (const [index, { seq, told, prev_hash, hash }] of rows.entries()) {
    const place = { stream: 'erasures', seq: index + 1 };
    if (seq !== index + 1) return { ...place, what: 'is missing' };
    if (prev_hash !== prior) return { ...place, what: 'does not follow the one in front of it' };
    if (sha256(Buffer.from(prior, 'hex'), canonicalJson(told)) !== hash)
      return { ...place, what: 'is not what was hashed' };
    prior = hash;
  }
  return null;
}
