import { globSync } from 'node:fs';
import { type Params, type Statement, statements } from '#worker/db/statement.ts';

const SOURCES = new URL('../../src/worker/', import.meta.url);
/** What only workerd can load; neither holds a statement. */
const WORKERD = ['index.ts', 'bindings.d.ts', 'durable/learner-object.ts'];

/** Every statement of the Worker, by name. */
export async function allStatements(): Promise<Statement<Params, unknown>[]> {
  const files = globSync('**/*.ts', { cwd: SOURCES }).filter((file) => !WORKERD.includes(file));
  await Promise.all(files.map((file) => import(new URL(file, SOURCES).href)));
  return statements().toSorted((a, b) => a.name.localeCompare(b.name));
}

/** How many common table expressions a statement's text names. */
export function ctesOf(text: string): number {
  const heads = /(?:\bwith(?: recursive)?|,)\s+[a-z_]+(?:\([a-z_, ]+\))? as (?:(?:not )?materialized )?\(/g;
  return text.match(heads)?.length ?? 0;
}
