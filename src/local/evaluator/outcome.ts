import type { ProgramError } from '#contract/evaluator.ts';
import { ChildOutcome } from './child-protocol.ts';
import type { TimedReply } from './sandbox-process.ts';
import { cleanText } from './wire-values.ts';

/** Verdicts that end the run: what comes after is not run. */
type HardVerdict = 'TLE' | 'MLE' | 'OLE';
type Failure = { verdict: 'RE' | 'CE' | HardVerdict; error: ProgramError | null };
/** What one request to a child came to; `text` is the JSON of `value`, as long as the child wrote it. */
export type Outcome = { verdict: 'OK'; value: unknown; text: string } | Failure;

function describe(type: string, message: string | null = null, line: number | null = null): ProgramError {
  return {
    type: cleanText(type).slice(0, 80),
    message: message === null ? null : cleanText(message).slice(0, 2000),
    line,
  };
}

function fromResult(text: string, loading: boolean): Outcome {
  let claim: unknown;
  try {
    claim = JSON.parse(text);
  } catch {
    return { verdict: 'RE', error: describe('BadResult', 'The result could not be read') };
  }
  const parsed = ChildOutcome.safeParse(claim);
  if (!parsed.success) return { verdict: 'RE', error: describe('BadResult', 'The result could not be read') };
  const outcome = parsed.data;
  if (outcome.k === 'OK') return { verdict: 'OK', value: outcome.v, text };
  const error = describe(outcome.type, outcome.message, outcome.line);
  const outOfMemory =
    error.type === 'MemoryError' ||
    error.type === 'OutOfMemory' ||
    (error.type === 'InternalError' && error.message === 'out of memory');
  if (outOfMemory) return { verdict: 'MLE', error };
  return { verdict: loading ? outcome.k : 'RE', error };
}

/** Turns what came back from a child (or did not) into an outcome; `n` is the request it had to answer. */
export function toOutcome(reply: TimedReply, n: number): Outcome {
  switch (reply.kind) {
    case 'late':
      return { verdict: 'TLE', error: null };
    case 'fat':
      return { verdict: 'MLE', error: null };
    case 'flood':
      return { verdict: 'OLE', error: null };
    case 'garbled':
      return { verdict: 'RE', error: describe('ProtocolViolation', 'The program disturbed its own runner') };
    case 'gone':
      return { verdict: 'RE', error: describe('ProcessExited', 'The program ended its own process') };
    case 'frame':
      break;
  }
  const { frame } = reply;
  if (frame.k === 'READY' || frame.n !== n) {
    return { verdict: 'RE', error: describe('ProtocolViolation', 'The program disturbed its own runner') };
  }
  switch (frame.k) {
    case 'OLE':
      return { verdict: 'OLE', error: null };
    case 'FATAL':
      return /out of memory|memory limit|allocation failed/i.test(frame.message)
        ? { verdict: 'MLE', error: null }
        : { verdict: 'RE', error: describe('Fatal', frame.message) };
    case 'R':
      return fromResult(frame.result, n === 0);
  }
}
