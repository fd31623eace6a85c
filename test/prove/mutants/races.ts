import { setTimeout as sleep } from 'node:timers/promises';
import type { SlotNamespace } from '#worker/evaluations/slots.ts';
import { inStatement, type PlantedBug } from './mutant.ts';

/** A limiter that looks, waits, and only then takes. */
function hesitant(inner: SlotNamespace): SlotNamespace {
  const taken = new Map<string, Set<string>>();
  return {
    getByName: (name) => ({
      ...inner.getByName(name),
      async acquire(leaseId, { limit }) {
        const held = taken.get(name) ?? new Set<string>();
        if (held.size >= limit) return { ok: false, retryAfterSeconds: 1, limit };
        await sleep(1);
        taken.set(name, held.add(leaseId));
        return { ok: true };
      },
      async release(leaseId) {
        taken.get(name)?.delete(leaseId);
        return { ok: true };
      },
    }),
  };
}

/** Bugs that only show when two are at it at once, and the race that has to show each. */
export const RACE_BUGS: readonly (PlantedBug & { race: string })[] = [
  {
    name: 'the task is read without its lock',
    race: 'a task started twice',
    mutation: { sql: inStatement('start-task', /for update of t/, '') },
  },
  {
    name: 'the expiry looks at the evaluations instead of the counter',
    race: 'a submission against the expiry',
    mutation: {
      sql: inStatement(
        'expire-tasks',
        /and pending_evaluations = 0(.*)for update skip locked/s,
        `and not exists (select 1 from task_evaluations e where e.task_id = study_tasks.id
           and e.status = 'pending')$1for update`,
      ),
    },
  },
  {
    name: 'a key that is held can be taken, with ids of its own',
    race: 'one submission sent twice under one key',
    mutation: {
      sql: inStatement(
        'idempotency-claim',
        /then excluded\.seed else k\.seed end(.*)(k\.response_status is null and .*?) and \(k\.locked_until.*?seed\)/s,
        'then excluded.seed else excluded.seed end$1$2',
      ),
    },
  },
  {
    name: 'a submission that waits takes the newer status beside the older end',
    race: 'a submission against the result that completes its task',
    mutation: { sql: inStatement('store-submission', /else t\.status end/, 'else locked.status end') },
  },
  {
    name: 'a change is compared before the lock',
    race: 'two changes on one version',
    mutation: { sql: inStatement('patch-task', /for update of t/, '') },
  },
  {
    name: 'the limiter waits between looking and taking',
    race: 'ten submissions and two slots',
    mutation: { slots: hesitant },
  },
  {
    name: 'two crons claim the same submission',
    race: 'two crons at once',
    mutation: { sql: inStatement('claim-pending-evaluations', /for update of e skip locked/, '') },
  },
  {
    name: 'a lease is not renewed',
    race: 'two runs that outlive their first leases',
    mutation: {
      slots: (inner) => ({
        getByName: (name) => {
          const { acquire, release, erase } = inner.getByName(name);
          return { acquire, release, erase, renew: async () => true };
        },
      }),
    },
  },
  {
    name: 'a slot is given back while its run goes on',
    race: 'runs that outlast the deadline',
    mutation: {
      evaluator: (inner) => ({
        evaluate: (request, options) => inner.evaluate(request, options),
        cancel: async () => true,
      }),
    },
  },
  {
    name: 'a batch takes two submissions of one learner',
    race: 'four waiting submissions and one cron',
    mutation: { sql: inStatement('claim-pending-evaluations', /w\.place = 1/, 'w.place <= 2') },
  },
  {
    name: 'the third fault of the judge ends nothing',
    race: 'three faults of the judge',
    mutation: { sql: inStatement('count-judge-fault', /judge_faults \+ 1 < 3/, 'judge_faults + 1 < 300') },
  },
  {
    name: 'an erasure leaves its rows to the cron',
    race: 'an erasure against a late result',
    mutation: {
      sql: inStatement(
        'remove-detached-rows',
        /remove_erased\((\$\d+::uuid\[\]), \d+\)/,
        '($1 is null and false)',
      ),
    },
  },
];
