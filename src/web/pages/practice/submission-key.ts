import type { Submit } from '#contract/submissions.ts';
import { randomId } from '../../kit/ids.ts';
import { readStored, writeStored } from '../../kit/storage.ts';

/** A submission whose answer never came: whether it arrived is not known. */
export type Unanswered = { key: string; body: Submit };

function keyOf(learner: string, taskId: string): string {
  return `study-paths.unanswered:${encodeURIComponent(learner)}:${taskId}`;
}

function read(learner: string, taskId: string): Unanswered | null {
  try {
    return JSON.parse(readStored('session', keyOf(learner, taskId)) ?? 'null') as Unanswered | null;
  } catch {
    return null;
  }
}

/**
 * The request to send for this code: the one whose answer is still missing if it had the same code, with its key and
 * its exact body, so that the Worker takes both for one; else a new one.
 */
export function requestFor(learner: string, taskId: string, body: Submit): Unanswered {
  const last = read(learner, taskId);
  const same = last?.body.code === body.code && last.body.language === body.language;
  const request = last !== null && same ? last : { key: randomId(), body };
  writeStored('session', keyOf(learner, taskId), JSON.stringify(request));
  return request;
}

/** The answer has come. */
export function answered(learner: string, taskId: string): void {
  writeStored('session', keyOf(learner, taskId), null);
}
