import pg from 'pg';

/** What the proxy says itself; `code` is an SQLSTATE and usually empty. */
export class HttpError extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, message: string, code = '') {
    super(message);
    this.status = status;
    this.code = code;
  }
}

const DETAILS = [
  'detail',
  'hint',
  'position',
  'internalPosition',
  'internalQuery',
  'where',
  'table',
  'column',
  'schema',
  'dataType',
  'constraint',
  'file',
  'line',
  'routine',
] as const;

/** Status and body of a failed request, as Neon's proxy answers it: every field present, null when unknown. */
export function describeError(error: unknown): { status: number; body: Record<string, string | null> } {
  const fromDatabase = error instanceof pg.DatabaseError ? error : null;
  const details = Object.fromEntries(DETAILS.map((name) => [name, fromDatabase?.[name] ?? null]));
  const text = error instanceof Error ? error.message : String(error);
  if (error instanceof HttpError)
    return { status: error.status, body: { message: text, code: error.code, severity: '', ...details } };
  if (fromDatabase === null)
    return {
      status: 500,
      body: {
        message: `could not connect to postgres in compute: ${text}`,
        code: '',
        severity: '',
        ...details,
      },
    };
  return {
    status: 400,
    body: { message: text, code: fromDatabase.code ?? '', severity: fromDatabase.severity ?? '', ...details },
  };
}
