import type { EventParams } from '../db/fragments.ts';
import type { Stamp } from '../db/task-rows.ts';

/** What every statement that appends events needs to know of its request. */
export function eventParams({ actor, requestId, now }: Stamp): EventParams {
  return { now, actor: JSON.stringify(actor), request_id: requestId };
}
