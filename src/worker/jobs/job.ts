import type { Context } from '../context.ts';

/** What a job did, by name of the figure. */
export type Counts = Record<string, number>;

/** Work of a cron trigger. It may run twice at once or be cut off anywhere: what it does is then done by the next run. */
export type Job = { name: string; run(ctx: Context): Promise<Counts> };

/**
 * Repeats a batched write until a batch comes back short, at most `batches` times, so that one run stays bounded.
 * @returns how many rows it changed in all.
 */
export async function inBatches(
  write: (limit: number) => Promise<number>,
  { size, batches }: { size: number; batches: number },
): Promise<number> {
  let total = 0;
  for (let batch = 1; batch <= batches; batch += 1) {
    const changed = await write(size);
    total += changed;
    if (changed < size) break;
  }
  return total;
}

/** Runs `work` on all items, at most `width` at a time; results in the order of the items. */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  width: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const queue = items.entries();
  async function worker() {
    for (const [index, item] of queue) results[index] = await work(item);
  }
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  return results;
}
