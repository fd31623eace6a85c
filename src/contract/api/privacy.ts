import { EraseMe, EraseMeBody } from '../privacy.ts';
import type { Operation } from './operation.ts';

export const privacyOperations: readonly Operation[] = [
  {
    id: 'eraseLearner',
    method: 'delete',
    path: '/v1/me',
    tag: 'privacy',
    summary: 'Erase everything about the learner',
    description:
      'The first call answers 428 with a confirmation token and what would be removed; sending the token back within ten minutes erases it all, for good. The same bearer token may begin anew afterwards.',
    query: EraseMe,
    about: {
      confirm: 'The confirmation token. The body is the better place, as an address may end in a log.',
    },
    body: { schema: EraseMeBody, required: false, example: { confirm: 'MTc2NDE1ODQwMA.c2lnbmF0dXJl' } },
    answers: { 204: { description: 'Nothing of the learner is left.' } },
    problems: ['confirmation-required', 'invalid-confirmation', 'archive-unavailable'],
  },
];
