import { inDatabase } from './api.ts';

/** Every row of every table as text, one per line, behind the name of its table. */
export async function databaseDump(): Promise<string> {
  const tables = await inDatabase<{ name: string }>(
    `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
     where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema') order by 1`,
  );
  const parts = await Promise.all(
    tables.map(async ({ name }) => {
      const rows = await inDatabase<{ line: string }>(`select t::text as line from ${name} t`);
      return rows.map(({ line }) => `${name} ${line}`);
    }),
  );
  return parts.flat().join('\n');
}

/** The ways in which a text may stand in a database: as it is, in hex, and inside base64 at each of its three phases. */
export function spellings(text: string): string[] {
  const bytes = Buffer.from(text);
  const phases = [0, 1, 2].flatMap((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
    // The ends also depend on the neighbours: only what lies between is sure.
    const sure = encoded.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6));
    return [sure, sure.replaceAll('+', '-').replaceAll('/', '_')];
  });
  return [text, bytes.toString('hex'), ...new Set(phases)];
}

/** Which of these texts a dump holds, in any spelling. */
export function found(dump: string, texts: Record<string, string>): string[] {
  return Object.entries(texts)
    .filter(([, text]) => spellings(text).some((spelling) => dump.includes(spelling)))
    .map(([name]) => name);
}
