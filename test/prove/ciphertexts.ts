import { createHash } from 'node:crypto';
import { type CodeCipher, createCipher, type SealContext } from '#worker/crypto/cipher.ts';
import { type Random, seededRandom } from '../simulate/random.ts';
import type { Mutant, Proof, Row, Violation } from './module.ts';
import { buggyCipher, CIPHER_BUGS } from './mutants/ciphertexts.ts';

/** Alterations of a run of its own accord, and those in which a planted bug has to be found. */
const RUNS = 100_000;
const BUG_RUNS = 20_000;

type Sealed = { plain: string; place: SealContext; text: string };
/** A text and the place that it is now to be opened for; null when the change came out as no change. */
type Altered = { text: string; place: SealContext } | null;
type Alteration = (one: Sealed, other: Sealed, random: Random) => Altered;

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ é\0';
const PARTS = ['format', 'kid', 'iv', 'body'] as const;

const below = (random: Random, limit: number) => Math.floor(random.next() * limit);

function changed(one: Sealed, text: string): Altered {
  return text === one.text ? null : { text, place: one.place };
}

/** Part `at` of a sealed text, 2 for the IV and 3 for ciphertext and tag, as its bytes. */
function withBytes(one: Sealed, at: 2 | 3, change: (bytes: Buffer) => Buffer): Altered {
  const parts = one.text.split('.');
  parts[at] = change(Buffer.from(parts[at] ?? '', 'base64url')).toString('base64url');
  return changed(one, parts.join('.'));
}

const ALTERATIONS: Record<string, Alteration> = {
  'bit flipped': (one, _, random) =>
    withBytes(one, random.pick([2, 3] as const), (bytes) => {
      const bit = below(random, bytes.length * 8);
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      return bytes;
    }),
  'bytes cut off': (one, _, random) =>
    withBytes(one, 3, (bytes) => bytes.subarray(0, below(random, bytes.length))),
  'bytes added': (one, _, random) =>
    withBytes(one, 3, (bytes) => Buffer.concat([bytes, Buffer.from([below(random, 256)])])),
  'text cut off': (one, _, random) => changed(one, one.text.slice(0, below(random, one.text.length))),
  'character replaced': (one, _, random) => {
    const at = below(random, one.text.length);
    return changed(one, one.text.slice(0, at) + random.pick([...ALPHABET]) + one.text.slice(at + 1));
  },
  'character added': (one, _, random) => {
    const at = below(random, one.text.length + 1);
    return changed(one, one.text.slice(0, at) + random.pick([...ALPHABET]) + one.text.slice(at));
  },
  'part of another text': (one, other, random) => {
    const at = PARTS.indexOf(random.pick(PARTS));
    const parts = one.text.split('.');
    parts[at] = other.text.split('.')[at] ?? '';
    return changed(one, parts.join('.'));
  },
  "another row's text": (one, other) => changed(one, other.text),
  'another place': (one, other, random) => {
    const field = random.pick(['table', 'learnerId', 'taskId', 'rowId'] as const);
    const value = random.chance(0.5) ? other.place[field] : `${one.place[field]}x`;
    return value === one.place[field] ? null : { text: one.text, place: { ...one.place, [field]: value } };
  },
};

/** 32 bytes that follow from the seed; a proof needs no secret. */
function keyOf(seed: number, name: string): string {
  return createHash('sha256').update(`${seed}/${name}`).digest('base64');
}

/** Sealed texts of a few learners under two keys, code and transcripts. */
async function sealedTexts(seed: number, makeCipher: typeof createCipher, random: Random): Promise<Sealed[]> {
  const old: [string, string] = ['k1', keyOf(seed, 'k1')];
  const fresh: [string, string] = ['k2', keyOf(seed, 'k2')];
  const ciphers = [makeCipher([old]), makeCipher([fresh, old])];
  return Promise.all(
    Array.from({ length: 60 }, async (_, at) => {
      const place = {
        table: random.pick(['task_evaluations', 'task_events']),
        learnerId: `learner-${at % 5}`,
        taskId: `task-${at % 20}`,
        rowId: `row-${at}`,
      };
      const plain = `def solve():\n    return ${'x'.repeat(below(random, 400))}`;
      return { plain, place, text: await random.pick(ciphers).seal(plain, place) };
    }),
  );
}

/** What became of an attempt; null when it was refused as it should be. Planted bugs bring errors of their own class. */
async function faultOf(cipher: CodeCipher, { text, place }: NonNullable<Altered>): Promise<string | null> {
  try {
    await cipher.open(text, place);
    return 'the text opened';
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return 'code' in error && error.code === 'integrity-error' ? null : `fails with ${error.name}`;
  }
}

/**
 * Alters sealed texts in every way that someone with the database in hand can, and tries to open each.
 * @param first whether one that opens is enough.
 * @returns the ways that were tried, with how often; and those texts that opened.
 */
export async function alteredCiphertexts(
  { seed, runs, first = false }: { seed: number; runs: number; first?: boolean },
  makeCipher: typeof createCipher = createCipher,
): Promise<{ tried: Record<string, number>; opened: Violation[] }> {
  const random = seededRandom(seed, 'ciphertexts');
  const texts = await sealedTexts(seed, makeCipher, random);
  const cipher = makeCipher([
    ['k2', keyOf(seed, 'k2')],
    ['k1', keyOf(seed, 'k1')],
  ]);
  for (const { text, place, plain } of texts)
    if ((await cipher.open(text, place)) !== plain) throw new Error('an unaltered text did not open');
  const tried: Record<string, number> = {};
  const opened: Violation[] = [];
  const ways = Object.entries(ALTERATIONS);
  for (let done = 0; done < runs && !(first && opened.length > 0); ) {
    const [way, alter] = random.pick(ways);
    const altered = alter(random.pick(texts), random.pick(texts), random);
    if (altered === null) continue;
    done += 1;
    tried[way] = (tried[way] ?? 0) + 1;
    const fault = await faultOf(cipher, altered);
    if (fault !== null)
      opened.push({ what: `${way}: ${fault}`, replay: `ciphertexts --seed ${seed} --runs ${done}` });
  }
  return { tried, opened };
}

export const proof: Proof = {
  name: 'ciphertexts',
  seconds: 15,
  async run({ seed, runs }) {
    const started = Date.now();
    const { tried, opened } = await alteredCiphertexts({ seed, runs: runs ?? RUNS });
    const seconds = (Date.now() - started) / 1000;
    const total = Object.values(tried).reduce((sum, count) => sum + count, 0);
    const row: Row = { name: 'altered', runs: total, faults: tried, violations: opened.length, seconds };
    const mutants: Mutant[] = [];
    for (const { name, changes } of CIPHER_BUGS) {
      const makeCipher = await buggyCipher(changes);
      const [found] = (await alteredCiphertexts({ seed, runs: BUG_RUNS, first: true }, makeCipher)).opened;
      mutants.push({ name, caught: found?.what ?? null });
    }
    return {
      rows: [row],
      violations: opened,
      mutants,
      seconds: (Date.now() - started) / 1000,
    };
  },
};
