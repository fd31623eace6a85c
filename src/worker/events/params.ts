import type { Context } from '../context.ts';
import type { EventParams } from '../db/fragments.ts';

/** What every statement that appends events needs to know of its request. */
export function eventParams(ctx: Pick<Context, 'actor' | 'requestId' | 'now'>): EventParams {
  return { now: ctx.now, actor: JSON.stringify(ctx.actor), request_id: ctx.requestId };
}
