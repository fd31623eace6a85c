import { decodeJwt } from 'jose';
import { inStatement, type PlantedBug, together } from './mutant.ts';

/** Takes the learner out of a statement's condition, but keeps the parameter. */
const anybody = (name: string) => inStatement(name, /p\.user_id = (\$\d+::text)/, '$1 is not null');

export const TENANCY_BUGS: readonly PlantedBug[] = [
  { name: 'a task is shown to whoever knows its id', mutation: { sql: anybody('find-task') } },
  { name: 'events are listed for whoever knows the task', mutation: { sql: anybody('list-task-events') } },
  {
    name: 'a task can be changed by anybody',
    mutation: {
      sql: together(anybody('find-task-to-change'), inStatement('guard', /(\$1::jsonb)/, "$1 - 'tasks'")),
    },
  },
  {
    name: 'a batch may retry a task of another learner',
    mutation: {
      sql: inStatement(
        'check-retries',
        /where t\.id = x\.retry_of and p\.user_id = \$\d+::text/,
        'where t.id = x.retry_of',
      ),
    },
  },
  {
    name: 'tokens of any issuer are taken',
    mutation: {
      verifier: (inner) => ({
        async verify(token, background) {
          const { sub = '', exp = 0 } = decodeJwt(token);
          return inner
            .verify(token, background)
            .catch(() => ({ learnerId: sub, scopes: new Set(), expiresAt: exp }));
        },
      }),
    },
  },
  {
    name: 'every second refusal has another status',
    mutation: {
      fetch: (inner) => {
        let refusals = 0;
        return async (request) => {
          const answer = await inner(request);
          if (answer.status !== 404) return answer;
          refusals += 1;
          if (refusals % 2 === 0) return answer;
          return new Response(await answer.text(), { status: 403, headers: answer.headers });
        };
      },
    },
  },
];
