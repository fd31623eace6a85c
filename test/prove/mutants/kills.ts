import { type Killed, killPostgres } from '../kills/postgres.ts';
import { killWorkerd, replaced } from '../kills/workerd.ts';

type Amount = { kills: number; seconds: number; seed: number };

/** Bugs that only a kill brings to light. */
export const KILL_BUGS: readonly { name: string; run(amount: Amount): Promise<Killed> }[] = [
  {
    name: 'PostgreSQL answers before it has written',
    run: (amount) => killPostgres(amount, { durable: false }),
  },
  {
    name: 'a lease outlives its holder for ever',
    run: (amount) =>
      killWorkerd(amount, (text) => replaced(text, /(now\d* \+ policy\d*\.leaseMs)/, '$1 * 1000')),
  },
  {
    name: 'the cron forgets what is pending',
    run: (amount) => killWorkerd(amount, (text) => replaced(text, /\[redriveEvaluations, /, '[')),
  },
];
