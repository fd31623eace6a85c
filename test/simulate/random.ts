/** Numbers that look random and follow from the seed alone. */
export type Random = {
  /** Uniform in [0, 1). */
  next(): number;
  /** Whether an event of this probability happens. */
  chance(probability: number): boolean;
  /** From the normal distribution. */
  normal(mean: number, deviation: number): number;
  /** @throws RangeError for an empty list. */
  pick<T>(list: readonly T[]): T;
};

/** 32-bit hash of a text (FNV-1a), to give every use of a seed a stream of its own. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const character of text) value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return value >>> 0;
}

/** Mulberry32 (Tommy Ettinger, public domain) over a named stream of a seed. */
export function seededRandom(seed: number, stream: string): Random {
  let state = hash(`${seed}/${stream}`);
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  return {
    next,
    chance: (probability) => next() < probability,
    normal: (mean, deviation) =>
      mean + deviation * Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    pick(list) {
      const item = list[Math.floor(next() * list.length)];
      if (item === undefined) throw new RangeError('nothing to pick from');
      return item;
    },
  };
}
