/**
 * Numbers from 0 to `limit` - 1 that look random and are the same on every machine: input for large tests.
 * Lehmer's generator with the multiplier 48271 (Park, Miller and Stockmeyer, 1993); `seed` from 1 to 2^31 - 2.
 */
export function scattered(count: number, limit: number, seed: number): number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (state * 48271) % 2147483647;
    return state % limit;
  });
}
