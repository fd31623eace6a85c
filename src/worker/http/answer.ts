import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { AppEnv } from './types.ts';

const utf8 = new TextEncoder();

/** Answers JSON that is text already. Its bytes stay at hand: reading them back for the entity tag costs more than it. */
export function answerText(
  c: Context<AppEnv>,
  text: string,
  status: ContentfulStatusCode = 200,
  headers: Record<string, string> = {},
): Response {
  // The runtimes' types disagree on whose buffer the encoder fills; it is never a shared one.
  const bytes = utf8.encode(text) as Uint8Array<ArrayBuffer>;
  c.set('bytes', bytes);
  return new Response(bytes, { status, headers: { 'content-type': 'application/json', ...headers } });
}

/** Answers a value as JSON; what a route of `/v1` answers has its entity tag from here. */
export function answerJson(
  c: Context<AppEnv>,
  value: object,
  status: ContentfulStatusCode = 200,
  headers: Record<string, string> = {},
): Response {
  return answerText(c, JSON.stringify(value), status, headers);
}
