const MASK = (1n << 64n) - 1n;
const STEP = 0x9e3779b97f4a7c15n;

/** Finaliser of SplitMix64 (Steele, Lea, Flood 2014): a bijection on 64 bits whose outputs look unrelated. */
function mix(value: bigint): bigint {
  let z = value & MASK;
  z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK;
  z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & MASK;
  return z ^ (z >> 31n);
}

/**
 * The same seed gives the same UUIDs in the same order. Each half of the seed walks 2^64 distinct states before it
 * repeats, so two ids of one seed, like those of two random seeds, meet only by the chance of random version-4 UUIDs
 * (122 bits). They are identifiers, not secrets: an id tells its seed.
 * @param seed a random UUID.
 */
export function seededIds(seed: string): () => string {
  const hex = seed.replaceAll('-', '');
  let high = BigInt(`0x${hex.slice(0, 16)}`);
  let low = BigInt(`0x${hex.slice(16)}`);
  return () => {
    high += STEP;
    low += STEP;
    const left = mix(high).toString(16).padStart(16, '0');
    const right = ((mix(low) & (MASK >> 2n)) | (1n << 63n)).toString(16);
    return `${left.slice(0, 8)}-${left.slice(8, 12)}-4${left.slice(13)}-${right.slice(0, 4)}-${right.slice(4)}`;
  };
}
