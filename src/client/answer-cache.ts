import type { Fetch } from './options.ts';

/**
 * A `fetch` that keeps the answers with an ETag and asks the service only whether they still hold (RFC 9110, section
 * 13.1.2). For the requests of one learner: call `clear` when another one signs in.
 * @param limit answers that are kept; the oldest makes room
 */
export function createAnswerCache(ask: Fetch = (url, init) => fetch(url, init), limit = 40) {
  let answers = new Map<string, { etag: string; body: string }>();

  const cached: Fetch = async (url, init) => {
    if (init.method !== 'GET') return ask(url, init);
    // An answer that comes after `clear` must not be kept.
    const kept = answers;
    const known = kept.get(url);
    const headers = new Headers(init.headers);
    if (known !== undefined) headers.set('if-none-match', known.etag);
    const response = await ask(url, { ...init, headers });
    if (response.status === 304 && known !== undefined) {
      return new Response(known.body, { headers: response.headers });
    }
    if (!response.ok) return response;
    kept.delete(url);
    const etag = response.headers.get('etag');
    if (etag === null) return response;
    const body = await response.text();
    kept.set(url, { etag, body });
    for (const oldest of kept.keys()) if (kept.size > limit) kept.delete(oldest);
    return new Response(body, response);
  };

  return {
    fetch: cached,
    clear() {
      answers = new Map();
    },
  };
}
