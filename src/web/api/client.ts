import { createAnswerCache } from '#client/answer-cache.ts';
import { type AnyStudyPathsError, isStudyPathsError, transportError } from '#client/errors.ts';
import { createSend } from '#client/send.ts';
import { endSession, session } from '../session/session.ts';

/** Milliseconds for a call that names no deadline of its own. */
const DEADLINE_MS = 15_000;

const answers = createAnswerCache((url, init) =>
  fetch(url, { ...init, cache: 'no-store', redirect: 'error' }),
);
session.subscribe(answers.clear);

/** Sends a call for the learner who is signed in; an answer of 401 ends the session. */
export const send = createSend({
  baseUrl: '',
  fetch: answers.fetch,
  timeoutMs: DEADLINE_MS,
  token({ renew }) {
    if (renew) endSession('expired');
    const current = session.get();
    return current.state === 'signed-in' ? current.token : null;
  },
});

/** A failure as pages show it; a fault of the page itself, too. */
export function failureOf(error: unknown): AnyStudyPathsError {
  if (isStudyPathsError(error)) return error;
  return transportError('unexpected-answer', String(error)) as AnyStudyPathsError;
}
