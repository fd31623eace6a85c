import { setTimeout as sleep } from 'node:timers/promises';
import type { SlotAnswer } from '#domain/quotas/leases.ts';
import type { Charge, Overdrawn } from '#domain/quotas/ledger.ts';
import type { LearnerObjects } from '../kit/slot-double.ts';
import { inStatement, type PlantedBug, together, withoutIfMatch } from './mutant.ts';

/** Slots that are looked at, and taken a moment later. */
function hesitantSlots(inner: LearnerObjects): LearnerObjects {
  const taken = new Map<string, Set<string>>();
  async function take(name: string, leaseId: string, limit: number): Promise<SlotAnswer> {
    const held = taken.get(name) ?? new Set<string>();
    if (held.size >= limit) return { ok: false, retryAfterSeconds: 1, limit };
    await sleep(1);
    taken.set(name, held.add(leaseId));
    return { ok: true };
  }
  return {
    getByName: (name) => ({
      ...inner.getByName(name),
      acquire: (leaseId, { limit }) => take(name, leaseId, limit),
      async admit(leaseId, { limit }, _) {
        const slot = await take(name, leaseId, limit);
        return slot.ok ? { ok: true, fresh: true } : slot;
      },
      async release(leaseId) {
        taken.get(name)?.delete(leaseId);
        return { ok: true };
      },
    }),
  };
}

/** Quotas that are looked at, and counted a moment later. */
function hesitantQuotas(inner: LearnerObjects): LearnerObjects {
  const used = new Map<string, number>();
  return {
    getByName(name) {
      const object = inner.getByName(name);
      async function hesitate(charge: Charge): Promise<Overdrawn | null> {
        const full = charge.shares.find(
          ({ quota, task = '', limit, amount }) =>
            (used.get(`${name} ${quota} ${task}`) ?? 0) + amount > limit,
        );
        if (full !== undefined) return { ...full, used: full.limit, resetsAt: Number.MAX_SAFE_INTEGER / 1e4 };
        await sleep(1);
        for (const { quota, task = '', amount } of charge.shares) {
          const key = `${name} ${quota} ${task}`;
          used.set(key, (used.get(key) ?? 0) + amount);
        }
        return null;
      }
      return {
        ...object,
        async charge(charge) {
          const overdrawn = await hesitate(charge);
          return overdrawn === null ? { ok: true, fresh: true } : { ok: false, overdrawn };
        },
        async admit(leaseId, policy, charge) {
          const overdrawn = await hesitate(charge);
          return overdrawn === null
            ? object.admit(leaseId, policy, { ...charge, shares: [] })
            : { ok: false, overdrawn };
        },
      };
    },
  };
}

/** Quotas that take back what was stored. */
function forgetfulQuotas(inner: LearnerObjects): LearnerObjects {
  return {
    getByName(name) {
      const object = inner.getByName(name);
      return {
        ...object,
        async release(leaseId) {
          await object.refund(leaseId);
          return object.release(leaseId);
        },
      };
    },
  };
}

/** Quotas that take nothing back. */
function stubbornQuotas(inner: LearnerObjects): LearnerObjects {
  return { getByName: (name) => ({ ...inner.getByName(name), refund: async () => ({ ok: true }) }) };
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
    name: 'a submission looks at its task without a lock',
    race: 'a submission against the expiry',
    mutation: { sql: inStatement('guard', /(\$1::jsonb)/, "$1 - 'tasks'") },
  },
  {
    name: 'the version that a change was made on is not looked at',
    race: 'two changes on one version',
    mutation: { fetch: withoutIfMatch },
  },
  {
    name: 'the limiter waits between looking and taking',
    race: 'ten submissions and two slots',
    mutation: { slots: hesitantSlots },
  },
  {
    name: 'a quota is looked at before it is counted',
    race: 'more submissions than a day allows',
    mutation: { slots: hesitantQuotas },
  },
  {
    name: 'a submission that has ended counts no more',
    race: 'more submissions than a day allows',
    mutation: { slots: forgetfulQuotas },
  },
  {
    name: 'a batch counts although it was refused',
    race: 'more new tasks than a day allows',
    mutation: { slots: stubbornQuotas },
  },
  {
    name: 'hints are looked at before they are counted',
    race: 'more hints than a day allows',
    mutation: { slots: hesitantQuotas },
  },
  {
    name: 'the tasks of two batches are counted one after the other',
    race: 'more new tasks than a day allows',
    mutation: { slots: hesitantQuotas },
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
        getByName: (name) => ({ ...inner.getByName(name), renew: async () => true }),
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
    mutation: {
      sql: together(
        ...['end-judged-task', 'log-judge-fault', 'count-judge-fault'].map((name) =>
          inStatement(name, /judge_faults \+ 1 >= 3/g, 'judge_faults + 1 >= 300'),
        ),
      ),
    },
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
