import { type Killed, killPostgres } from '../kills/postgres.ts';
import { killWorkerd } from '../kills/workerd.ts';
import type { CodeChange } from '../kit/changed-code.ts';

/** Takes the job out of the cron that judges what is pending. */
export const NO_REDRIVE: CodeChange = {
  file: 'src/worker/jobs/index.ts',
  from: /\[redriveEvaluations, /,
  to: '[',
};

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
      killWorkerd(amount, [
        {
          file: 'src/worker/durable/learner-object.ts',
          from: /now \+ policy\.leaseMs/,
          to: '(now + policy.leaseMs) * 1000',
        },
      ]),
  },
  {
    name: 'the cron forgets what is pending',
    run: (amount) => killWorkerd(amount, [NO_REDRIVE]),
  },
];
