/**
 * Why there are no rows: `refused` by the database, or by its proxy, which names no SQLSTATE; `failed` with another HTTP
 * status; `silent`: no answer, or one that is none of the endpoint's.
 */
export type Trouble =
  | { kind: 'refused'; sqlstate: string | null; constraint: string | null }
  | { kind: 'failed'; status: number; text: string }
  | { kind: 'silent' };

export class NeonError extends Error {
  readonly trouble: Trouble;

  constructor(trouble: Trouble) {
    // Nothing of what was answered: it can quote parameters, and those can hold learner code.
    super(`the database's endpoint: ${trouble.kind}`);
    this.name = 'NeonError';
    this.trouble = trouble;
  }
}

/** `query` is the statement as JSON text; `params` are what `Statement.bind` answers. */
export type NeonCall = { query: string; params: readonly unknown[]; requestId: string; signal: AbortSignal };

export type Row = Record<string, unknown>;
type Answer = { fields: { name: string; dataTypeID: number }[]; rows: (string | null)[][] };
type Read = (text: string) => unknown;

/** Types of columns that are no text, by their fixed object ids; numbers that JavaScript cannot hold stay text. */
export const READ: ReadonlyMap<number, Read> = new Map<number, Read>([
  [16, (text) => text === 't'], // bool
  [21, Number], // int2
  [23, Number], // int4
  [700, Number], // float4
  [701, Number], // float8
  [114, JSON.parse], // json
  [3802, JSON.parse], // jsonb
]);
const asText: Read = (text) => text;

function scalarText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new TypeError(`a ${typeof value} is no parameter of a statement: bind it as JSON text`);
}

function elementText(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  return `"${scalarText(value).replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

/** A parameter as PostgreSQL reads it, since all of them go over as text. */
function paramText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return Array.isArray(value) ? `{${value.map(elementText).join(',')}}` : scalarText(value);
}

function isAnswer(json: unknown): json is Answer {
  if (typeof json !== 'object' || json === null) return false;
  return 'fields' in json && Array.isArray(json.fields) && 'rows' in json && Array.isArray(json.rows);
}

function rowsOf({ fields, rows }: Answer): Row[] {
  const columns = fields.map(({ name, dataTypeID }) => ({ name, read: READ.get(dataTypeID) ?? asText }));
  return rows.map((cells) => {
    const row: Row = {};
    for (const [place, { name, read }] of columns.entries()) {
      const cell = cells[place] ?? null;
      row[name] = cell === null ? null : read(cell);
    }
    return row;
  });
}

async function troubleIn(response: Response): Promise<Trouble> {
  const { status } = response;
  if (status !== 400) return { kind: 'failed', status, text: await response.text() };
  const { code, constraint } = (await response.json()) as Partial<Record<'code' | 'constraint', unknown>>;
  const named = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null);
  return { kind: 'refused', sqlstate: named(code), constraint: named(constraint) };
}

/** Where Neon answers for the host of a connection string. @throws TypeError when that is no URL. */
function endpointFor(connectionString: string): string {
  const { hostname } = new URL(connectionString.replace(/^postgres(ql)?:/, 'http:'));
  return `https://${hostname.replace(/^[^.]+\./, 'api.')}/sql`;
}

/**
 * Neon's SQL over HTTP as its driver speaks it, as far as the Worker goes: one statement of constant text, which is one
 * transaction, with rows as objects. The driver is made for pools, WebSockets, batches and templates too, and none of
 * that can be left out of a bundle: it was a quarter of it, and of a request's CPU. The commands use it still, and
 * `test/local/neon-http.test.ts` holds this to it, byte by byte.
 */
export function createNeon(url: string, fetchEndpoint = endpointFor(url)) {
  const headers = {
    'Neon-Connection-String': url,
    'Neon-Raw-Text-Output': 'true',
    'Neon-Array-Mode': 'true',
  };
  /** @throws NeonError */
  return async ({ query, params, requestId, signal }: NeonCall): Promise<Row[]> => {
    const body = `{"query":${query},"params":${JSON.stringify(params.map(paramText))}}`;
    try {
      const response = await fetch(fetchEndpoint, {
        method: 'POST',
        headers: { ...headers, 'x-request-id': requestId },
        body,
        // A redirect would carry the password to whoever is named there.
        redirect: 'manual',
        signal,
      });
      if (!response.ok) throw new NeonError(await troubleIn(response));
      const json: unknown = await response.json();
      if (isAnswer(json)) return rowsOf(json);
    } catch (error) {
      // Out of reach, cut off, or garbled: each runtime has its own errors for that.
      throw error instanceof NeonError ? error : new NeonError({ kind: 'silent' });
    }
    throw new NeonError({ kind: 'silent' });
  };
}
