import { inStatement, type PlantedBug, together, withoutIfMatch } from './mutant.ts';

/** Bugs of the lifecycle: each takes one guard away. */
export const LIFECYCLE_BUGS: readonly PlantedBug[] = [
  {
    name: 'start forgets which states it may leave',
    mutation: {
      sql: inStatement('start-task', /and x\.status = locked\.status/, ''),
    },
  },
  {
    name: 'the cron expires tasks while a submission is judged',
    mutation: { sql: inStatement('expire-tasks', /and pending_evaluations = 0/, '') },
  },
  {
    name: 'the cron expires tasks that have a result',
    mutation: { sql: inStatement('expire-tasks', /and score is null/, '') },
  },
  {
    name: 'a problem is set aside that has no result',
    mutation: {
      sql: inStatement('find-task-to-change', /'score', t\.score/, "'score', coalesce(t.score, 0)"),
    },
  },
  {
    name: 'a second result counts, too',
    mutation: {
      sql: together(
        inStatement('guard', /(\$1::jsonb)/, "$1 - 'evaluation'"),
        inStatement('find-evaluation', /'status', e\.status/, "'status', 'pending'"),
      ),
    },
  },
  {
    name: 'a result forgets the score before it',
    mutation: { sql: inStatement('update-study_tasks', /score = r\.score/, 'score = r.score * 0.5') },
  },
  {
    name: 'a submission is stored without its day',
    mutation: { sql: inStatement('insert-submission', /(\$\d+::date)(\s+from)/, '$1 - 1$2') },
  },
  {
    name: 'If-Match is not looked at',
    mutation: { fetch: withoutIfMatch },
  },
  {
    name: 'a request repeated after a crash gets new ids',
    mutation: {
      sql: inStatement(
        'idempotency-claim',
        /then excluded\.seed else k\.seed end/,
        'then excluded.seed else excluded.seed end',
      ),
    },
  },
  {
    name: 'a batch stops at its first task',
    mutation: {
      sql: inStatement('create-batch', /(metadata jsonb\))\s+on conflict/, '$1 limit 1 on conflict'),
    },
  },
  {
    name: 'three evaluations at once',
    mutation: {
      slots: (inner) => ({
        getByName: (name) => {
          const object = inner.getByName(name);
          return {
            ...object,
            acquire: (id, policy) => object.acquire(id, { ...policy, limit: policy.limit + 1 }),
            admit: (id, policy, charge) => object.admit(id, { ...policy, limit: policy.limit + 1 }, charge),
          };
        },
      }),
    },
  },
];
