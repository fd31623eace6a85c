import { createServer } from 'node:net';
import { portsFrom } from '#cli/checkout.ts';

/** Whether this port of the loopback interface can be listened on now. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

/** Offsets of all ports of a stack from the first one. */
export const OFFSETS = Object.values(portsFrom(0));

/** The first of as many free ports in a row as `npm run dev` takes. */
export async function freeBase(): Promise<number> {
  for (let first = 20_000 + Math.floor(Math.random() * 9000); ; first += OFFSETS.length) {
    const free = await Promise.all(OFFSETS.map((offset) => isFree(first + offset)));
    if (free.every(Boolean)) return first;
  }
}
