import * as z from 'zod';
import type { TaskEvent } from '#contract/events.ts';
import type { RequestHint, StreamOutcome } from '#contract/hints.ts';
import { PathConfig } from '#contract/paths.ts';
import type { Problem } from '#contract/problem-bank.ts';
import type { TutorRequest } from '#contract/tutor.ts';

/** What hints depend on in the config of a path; a key that was never set counts as its default. */
export const HintRules = z.object({ hints_per_task: PathConfig.shape.hints_per_task });

export type PastAttempt = TutorRequest['attempts'][number];
export type PastHint = TutorRequest['earlier_hints'][number];

/** The hints among a task's events. */
export function pastHints(events: readonly TaskEvent[]): PastHint[] {
  return events
    .filter((event) => event.event_type === 'hint_requested')
    .map(({ payload, occurred_at }) => ({ level: payload.level, at: occurred_at }));
}

/**
 * The rung to give: the one asked for, else one above the highest given so far; never above the ladder's last rung.
 * A problem without a ladder still has rung 1: the tutor makes a hint of its own.
 */
function chooseLevel(asked: number | undefined, earlier: readonly PastHint[], rungs: number): number {
  const next = Math.max(0, ...earlier.map((hint) => hint.level)) + 1;
  return Math.min(asked ?? next, Math.max(1, rungs));
}

/** The tutor's whole context: the public problem, the learner's code and verdicts; no hidden test by construction. */
export function tutorRequest(parts: {
  requestId: string;
  problem: Problem;
  ladder: string[];
  wish: RequestHint;
  attempts: PastAttempt[];
  earlier: PastHint[];
}): TutorRequest {
  const { requestId, problem, ladder, wish, attempts, earlier } = parts;
  return {
    request_id: requestId,
    problem,
    hint_ladder: ladder,
    level: chooseLevel(wish.level, earlier, ladder.length),
    question: wish.question ?? null,
    language: wish.language ?? attempts.at(-1)?.language ?? null,
    code: wish.code ?? null,
    attempts,
    earlier_hints: earlier,
  };
}

/** Why a stream ended, in the order in which the causes hide one another. */
export function outcomeOf(end: {
  cause: 'aborted' | 'timeout' | null;
  broken: boolean;
  text: string;
}): StreamOutcome {
  if (end.cause !== null) return end.cause;
  // A tutor that fails half way says so in the stream, whose transport then ends in good order.
  return end.broken || /(^|\n)event: ?error\r?\n/.test(end.text) ? 'failed' : 'complete';
}
