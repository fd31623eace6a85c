import type { ProgramError } from '#contract/evaluator.ts';
import { ChildOutcome } from './child-protocol.ts';
import type { TimedReply } from './sandbox-process.ts';
import { clip } from './wire-values.ts';

/** Verdicts that end the run: what comes after is not run. */
type HardVerdict = 'TLE' | 'MLE' | 'OLE';
type Failure = { verdict: 'RE' | 'CE' | HardVerdict; error: ProgramError | null };
/** What one request to a child came to; `text` is the JSON of `value`, as long as the child wrote it. */
export type Outcome = { verdict: 'OK'; value: unknown; text: string } | Failure;

/** Lines of a program that a line number may name: code has at most as many characters. */
const MOST_LINES = 65_536;

function describe(type: string, message: string | null = null, line: number | null = null): ProgramError {
  return {
    type: clip(type, 80),
    message: message === null ? null : clip(message, 2000),
    line: line !== null && line <= MOST_LINES ? line : null,
  };
}

function disturbed(): Failure {
  return { verdict: 'RE', error: describe('ProtocolViolation', 'The program disturbed its own runner') };
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
  if (error.type === 'MemoryError' || error.type === 'OutOfMemory') return { verdict: 'MLE', error };
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
      return disturbed();
    case 'gone':
      return { verdict: 'RE', error: describe('ProcessExited', 'The program ended its own process') };
    case 'frame':
      break;
  }
  const { frame } = reply;
  if (frame.k === 'READY' || frame.n !== n) return disturbed();
  switch (frame.k) {
    case 'O':
      return disturbed();
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
