/** Values that a log line may hold: ids, numbers and codes; never tokens, code, texts of learners or tests. */
export type LogFields = Record<string, string | number | boolean | null | undefined>;

export type Logger = {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
};

/** Writes one JSON line per call, every one with `base` (the request id, the job). */
export function createLogger(base: LogFields, write: (line: string) => void): Logger {
  const line =
    (level: string) =>
    (event: string, fields: LogFields = {}) =>
      write(JSON.stringify({ level, event, ...base, ...fields }));
  return { info: line('info'), warn: line('warn'), error: line('error') };
}
