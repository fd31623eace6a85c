import { createServer } from 'node:net';

/** Whether this port of the loopback interface can be listened on now. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

/** The first of seven ports in a row that are free: as many as `npm run dev` takes. */
export async function freeBase(): Promise<number> {
  for (let first = 20_000 + Math.floor(Math.random() * 9000); ; first += 7) {
    const free = await Promise.all(Array.from({ length: 7 }, (_, offset) => isFree(first + offset)));
    if (free.every(Boolean)) return first;
  }
}
