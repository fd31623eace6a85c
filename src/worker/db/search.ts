import { type SQL, sql } from 'drizzle-orm';
import { param } from './statement.ts';

/** What a search looks for: any of these problems, or an id that, folded, fits each of these LIKE patterns (JSON text). */
export type Search = { patterns: string | null; problem_ids: readonly string[] };
export const NO_SEARCH: Search = { patterns: null, problem_ids: [] };

/** Whether the search, if there is one, means the task with that alias. Parameters: those of `Search`. */
export function searched(alias: string): SQL {
  const id = sql.raw(`${alias}.problem_id`);
  const patterns = param('patterns', 'jsonb');
  return sql`(${patterns} is null or ${id} = any(${param('problem_ids', 'text[]')})
    or fold_search(${id}) like all(array(select jsonb_array_elements_text(${patterns}))))`;
}
