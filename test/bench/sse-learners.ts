import { randomUUID } from 'node:crypto';

/** Hints that one learner asks for, below the 120 writes a minute that a learner has. */
const EACH = 100;

const JSON_TYPE = { 'content-type': 'application/json' };

async function post<T>(url: string, body: unknown, headers: Record<string, string> = {}): Promise<T> {
  const init = { method: 'POST', headers: { ...JSON_TYPE, ...headers }, body: JSON.stringify(body) };
  const response = await fetch(url, init);
  if (!response.ok) throw new Error(`${url}: HTTP ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

type HintRequest = [url: string, init: RequestInit & { headers: Record<string, string> }];

/** Learners who ask for hints, as many as the limits of one need. */
export function hintLearners(worker: string, issuer: string) {
  let current: Promise<{ url: string; token: string }> | null = null;
  let left = 0;

  async function newcomer() {
    const { token } = await post<{ token: string }>(`${issuer}/__local/token`, {
      sub: `sse-${randomUUID()}`,
    });
    const authorization = { authorization: `Bearer ${token}` };
    const { first_task } = await post<{ first_task: { id: string } }>(
      `${worker}/v1/study-paths`,
      { config: { hints_per_task: null } },
      authorization,
    );
    return { url: `${worker}/v1/study-tasks/${first_task.id}/hint`, token };
  }

  return {
    /** The request for one hint. */
    async hint(): Promise<HintRequest> {
      if (current === null || left === 0) {
        current = newcomer();
        left = EACH;
      }
      left -= 1;
      const { url, token } = await current;
      const headers = {
        ...JSON_TYPE,
        authorization: `Bearer ${token}`,
        'x-request-id': `sse-${randomUUID()}`,
      };
      return [url, { method: 'POST', headers, body: '{}' }];
    },
    /** Begins to listen, leaves, and answers the milliseconds until the tutor has seen it. */
    async leave([url, init]: HintRequest, tutor: string): Promise<number> {
      const controller = new AbortController();
      const response = await fetch(url, { ...init, signal: controller.signal });
      const reader = response.body?.getReader();
      await reader?.read();
      const leftAt = Date.now();
      controller.abort();
      for (;;) {
        const streams = await fetch(`${tutor}/__local/streams`);
        const { data } = (await streams.json()) as {
          data: { request_id: string; aborted_at: string | null }[];
        };
        const seen = data.find((stream) => stream.request_id === init.headers['x-request-id'])?.aborted_at;
        if (seen) return Date.parse(seen) - leftAt;
        if (Date.now() - leftAt > 30_000) throw new Error('the tutor never saw that the client left');
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
  };
}
