import { availableParallelism, totalmem } from 'node:os';
import type { Spares } from './pool.ts';

const MIB = 1_048_576;
/** Share of the machine's memory that running submissions may fill, and that of the children in stock. */
const RUNNING_SHARE = 0.5;
const STOCK_SHARE = 0.25;
/** Share for submissions that wait without using the processor, and how many of them a slot may leave at most. */
const PARKED_SHARE = 0.15;
const PARKED_PER_SLOT = 3;
/** MiB of a run at the default limit and of a child in stock, measured (`npm run bench -- evaluator`). */
const RUN_MIB = 450;
const SPARE_MIB = { python: 165, javascript: 65 };
const MOST_SLOTS = 32;

export type Machine = { cores: number; memoryMb: number };
export type Sizing = { slots: number; parked: number; spares: Spares };

/** Cores and MiB this process may use; a container's limits count. */
export function thisMachine(): Machine {
  const total = totalmem();
  const constrained = process.constrainedMemory();
  const bytes = constrained > 0 && constrained < total ? constrained : total;
  return { cores: availableParallelism(), memoryMb: Math.floor(bytes / MIB) };
}

/**
 * One slot a core, as submissions are bound by the processor: more would only make each slower. In stock as many Python
 * children as slots and half as many for JavaScript, which boots in a fifth of the time. Less where memory is short,
 * never less than one of each.
 */
export function sizeFor({ cores, memoryMb }: Machine): Sizing {
  const bounded = (wanted: number, limit: number) => Math.max(1, Math.min(wanted, Math.floor(limit)));
  const slots = bounded(Math.min(cores, MOST_SLOTS), (memoryMb * RUNNING_SHARE) / RUN_MIB);
  const stock = memoryMb * STOCK_SHARE;
  const pair = SPARE_MIB.python + SPARE_MIB.javascript / 2;
  return {
    slots,
    parked: bounded(PARKED_PER_SLOT * slots, (memoryMb * PARKED_SHARE) / RUN_MIB),
    spares: { python: bounded(slots, stock / pair), javascript: bounded(slots / 2, stock / pair / 2) },
  };
}
