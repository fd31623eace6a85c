import { json } from './call.ts';

/** Without `confirm` it throws `confirmation-required`, whose problem has the token to confirm with. For good. */
export const eraseLearner = (confirm?: string) =>
  json<null>('DELETE', '/v1/me', confirm === undefined ? undefined : { confirm });
