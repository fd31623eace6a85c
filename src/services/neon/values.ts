import pg from 'pg';

/** Types that Neon's proxy turns into JSON when a client does not ask for raw text, by their fixed object id. */
const TYPE = {
  bool: 16,
  int2: 21,
  int4: 23,
  json: 114,
  float4: 700,
  float8: 701,
  text: 25,
  jsonb: 3802,
} as const;
const TEXT_ARRAY: number = 1009;

function arrayText(value: unknown): string {
  if (value === null) return 'NULL';
  if (Array.isArray(value)) return `{${value.map(arrayText).join(',')}}`;
  return JSON.stringify(typeof value === 'object' ? JSON.stringify(value) : value);
}

/**
 * A JSON parameter as PostgreSQL text: null stays NULL, strings stay as they are, an array becomes `{...}` with its
 * strings quoted, any other object its JSON.
 */
export function paramText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return arrayText(value);
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function scalar(text: string, type: number): unknown {
  switch (type) {
    case TYPE.bool:
      return text === 't';
    case TYPE.int2:
    case TYPE.int4:
      return Number(text);
    case TYPE.float4:
    case TYPE.float8: {
      const number = Number(text); // NaN and the infinities have no JSON and stay text
      return Number.isFinite(number) ? number : text;
    }
    case TYPE.json:
    case TYPE.jsonb:
      return JSON.parse(text);
    default:
      return text;
  }
}

/** A cell as JSON: `elements` maps the array types among the columns to the type of their elements. */
export function jsonValue(text: string | null, type: number, elements: ReadonlyMap<number, number>): unknown {
  if (text === null) return null;
  const element = elements.get(type);
  if (element === undefined) return scalar(text, type);
  const walk = (item: unknown): unknown =>
    Array.isArray(item) ? item.map(walk) : item === null ? null : scalar(String(item), element);
  return walk(pg.types.getTypeParser(TEXT_ARRAY)(text));
}

/** Which of these types are arrays, asked from the database because enums and domains have array types too. */
export async function elementTypes(client: pg.ClientBase, types: number[]): Promise<Map<number, number>> {
  const { rows } = await client.query<{ oid: number; element: number }>(
    `select oid, typelem as element from pg_catalog.pg_type
     where oid = any($1::oid[]) and typinput = 'pg_catalog.array_in'::regproc`,
    [[...new Set(types)]],
  );
  return new Map(rows.map(({ oid, element }) => [oid, element]));
}
