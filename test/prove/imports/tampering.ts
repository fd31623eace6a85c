import { ImportError } from '#cli/import/document.ts';
import { PROJECTIONS } from '#cli/log/tables.ts';
import type { Random } from '../../simulate/random.ts';
import type { Importing } from './copies.ts';

const SECTIONS = {
  tasks: 'study_tasks',
  evaluations: 'task_evaluations',
  mastery: 'mastery',
  module_states: 'module_states',
  review_queue: 'review_queue',
  review_log: 'review_log',
  paths: 'study_paths',
} as const;
/** Columns that the file does not have, or that say where a row belongs. */
const OTHERS = ['user_id', 'due_day'];

const pick = <T>(random: Random, of: readonly T[]): T | undefined =>
  of[Math.floor(random.next() * of.length)];

/** Another value that the column could have. */
function another(value: unknown, random: Random): unknown {
  if (typeof value === 'number') return value === 0 ? 1 : value - 1;
  if (value === null) return random.next() < 0.5 ? 1 : '2026-03-05T10:00:00.000Z';
  if (Array.isArray(value)) return [...value, 'else'];
  if (typeof value === 'object') {
    const key = pick(random, Object.keys(value));
    return key === undefined ? null : { ...value, [key]: another(Reflect.get(value, key), random) };
  }
  const text = String(value);
  if (/^\d{4}-.*Z$/.test(text)) return new Date(Date.parse(text) + 1000).toISOString();
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return '2026-01-01';
  return `${text}x`;
}

/**
 * Changes one value of one row of an export and reads it.
 * @returns what it was that was taken as it is; null when it was refused.
 */
export function tampered(text: string, { read }: Importing, random: Random): string | null {
  const document = JSON.parse(text) as Record<string, Record<string, unknown>[]>;
  const sections = (Object.keys(SECTIONS) as (keyof typeof SECTIONS)[]).filter(
    (section) => (document[section]?.length ?? 0) > 0,
  );
  const section = pick(random, sections);
  const row = section === undefined ? undefined : pick(random, document[section] ?? []);
  if (section === undefined || row === undefined) return null;
  const columns = PROJECTIONS[SECTIONS[section]].columns.filter((column) => !OTHERS.includes(column));
  const column = pick(random, columns) ?? '';
  row[column] = another(row[column], random);
  try {
    read(JSON.stringify(document));
  } catch (error) {
    if (error instanceof ImportError) return null;
    throw error;
  }
  return `${section}.${column} of another value was taken`;
}
