import { inStatement, type PlantedBug } from './mutant.ts';

/** Bugs that show in an answer, or only in what is kept. */
export const INPUT_BUGS: readonly (PlantedBug & { shows: 'answer' | 'kept' })[] = [
  {
    name: 'metadata is kept in lower case',
    shows: 'kept',
    mutation: {
      sql: inStatement(
        'update-study_tasks',
        /metadata = r\.metadata/,
        'metadata = lower(r.metadata::text)::jsonb',
      ),
    },
  },
  {
    name: 'a quotation mark in a query breaks it',
    shows: 'answer',
    mutation: {
      fetch: (inner) => async (request) =>
        new URL(request.url).search.includes('%27')
          ? new Response('syntax error at or near', { status: 500 })
          : inner(request),
    },
  },
  {
    name: 'a refusal is a page',
    shows: 'answer',
    mutation: {
      fetch: (inner) => async (request) => {
        const answer = await inner(request);
        if (answer.status !== 422) return answer;
        return new Response('<h1>Unprocessable</h1>', {
          status: 422,
          headers: { 'content-type': 'text/html' },
        });
      },
    },
  },
  {
    name: 'lone surrogates are replaced on the way in',
    shows: 'kept',
    mutation: {
      fetch: (inner) => async (request) => {
        if (request.body === null) return inner(request);
        const text = (await request.text()).replace(/\\ud[89a-f][0-9a-f]{2}/gi, '\ufffd');
        return inner(new Request(request, { body: text }));
      },
    },
  },
];
