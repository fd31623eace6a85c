import type { Language, Verdict } from '#contract/vocabulary.ts';
import type { FaultCode } from './faults.ts';

/** What the service tells of itself. No field may hold code, arguments, answers or output of a submission. */
export type LogEntry =
  | { event: 'listening'; host: string; port: number }
  | { event: 'started'; slots: number; spares: Record<Language, number>; lacks: readonly string[] }
  | {
      event: 'evaluated';
      evaluation_id: string;
      submission_id: string;
      language: Language;
      code_bytes: number;
      verdict: Verdict;
      passed: number;
      total: number;
      /** Milliseconds in the queue, from then on, and of CPU in all tests. */
      wait_ms: number;
      wall_ms: number;
      runtime_ms: number;
      memory_mb: number;
      attempts: number;
    }
  | { event: 'refused'; submission_id: string; code: FaultCode }
  | { event: 'cancelled'; submission_id: string }
  | { event: 'judge-failed'; submission_id: string; language: Language; reason: string }
  | { event: 'child-failed'; language: Language }
  | { event: 'internal-error'; reason: string }
  | { event: 'stopping'; running: number; waiting: number }
  | { event: 'stopped' };

export type Log = (entry: LogEntry) => void;

const LEVEL: Partial<Record<LogEntry['event'], string>> = {
  refused: 'warn',
  'child-failed': 'warn',
  'judge-failed': 'error',
  'internal-error': 'error',
};

/** One JSON object a line: `{"at": ISO time, "level", "service": "evaluator", "event", ...}`. */
export function createLog(write: (line: string) => void): Log {
  return (entry) =>
    write(
      JSON.stringify({
        at: new Date().toISOString(),
        level: LEVEL[entry.event] ?? 'info',
        service: 'evaluator',
        ...entry,
      }),
    );
}
