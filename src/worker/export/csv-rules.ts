import type { ExportedSubmission, ExportedTask } from '#contract/export.ts';
import { isResult, resultOf } from '#contract/vocabulary.ts';

/** A cell: numbers stay numbers, text is made safe for spreadsheets, null is an empty cell. */
export type Cell = string | number | null;

/**
 * Text that a spreadsheet could take for a formula: after apostrophes, quotes and white space one of = + - @ in any
 * width, or a tab or line end in front. Apostrophes belong to the class so that the rule can be undone.
 */
const FORMULA = /^(?:[\t\r\n]|[\s'"]*[=+\-@＝＋－＠﹦﹢﹣﹫])/;

/**
 * One cell by RFC 4180. Text that could be a formula gets one apostrophe in front (OWASP, CSV injection); a reader takes
 * the first apostrophe off when what follows matches the rule above. Empty text is `""`, unlike null.
 */
export function csvCell(value: Cell): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return safe === '' || /[",\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Cells with commas between them and CRLF behind. */
export function csvRow(cells: readonly Cell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

/** Tags in one cell: separated by semicolons, with a backslash before each semicolon or backslash within a tag. */
export function tagsCell(tags: readonly string[]): string {
  return tags.map((tag) => tag.replace(/[\\;]/g, '\\$&')).join(';');
}

function metadataText(task: ExportedTask, key: string): string | null {
  const value = task.metadata[key];
  if (value === undefined || value === null) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Submissions that did not compile; they are among the attempts. */
function compileErrors({ metadata }: ExportedTask): number {
  return typeof metadata.compile_errors === 'number' ? metadata.compile_errors : 0;
}

/** Columns of every CSV export, in order; reason to notes repeat what `metadata` holds for readers of tables. */
const TASK_COLUMNS: readonly (readonly [name: string, cell: (task: ExportedTask) => Cell])[] = [
  ['task_id', (t) => t.id],
  ['path_id', (t) => t.path_id],
  ['kind', (t) => t.kind],
  ['problem_id', (t) => t.problem_id],
  ['module', (t) => t.module],
  ['topic_tags', (t) => tagsCell(t.topic_tags)],
  ['difficulty', (t) => t.difficulty],
  ['status', (t) => t.status],
  ['scheduled_at', (t) => t.scheduled_at],
  ['started_at', (t) => t.started_at],
  ['completed_at', (t) => t.completed_at],
  ['completed_day', (t) => t.completed_day],
  ['expires_at', (t) => t.expires_at],
  ['score', (t) => t.score],
  ['result', (t) => resultOf(t.score)],
  ['time_spent_seconds', (t) => t.time_spent_seconds],
  ['hints_used', (t) => t.hints_used],
  ['attempts', (t) => t.attempts],
  ['compile_errors', (t) => compileErrors(t)],
  ['pending_evaluations', (t) => t.pending_evaluations],
  ['version', (t) => t.version],
  ['created_at', (t) => t.created_at],
  ['reason', (t) => metadataText(t, 'reason')],
  ['skip_reason', (t) => metadataText(t, 'skip_reason')],
  ['notes', (t) => metadataText(t, 'notes')],
  ['metadata', (t) => JSON.stringify(t.metadata)],
];

/** Columns that `attempts=true` adds: the attempt's own figures. */
const ATTEMPT_COLUMNS: readonly (readonly [name: string, cell: (attempt: ExportedSubmission) => Cell])[] = [
  ['attempt', (s) => s.attempt],
  ['submission_id', (s) => s.submission_id],
  ['run', (s) => s.run],
  ['language', (s) => s.language],
  ['attempt_status', (s) => s.status],
  ['verdict', (s) => s.verdict],
  ['test_cases_passed', (s) => s.test_cases_passed],
  ['test_cases_total', (s) => s.test_cases_total],
  ['attempt_score', (s) => s.score],
  ['counts', (s) => (s.verdict === null ? null : String(isResult(s.verdict)))],
  ['runtime_ms', (s) => s.runtime_ms],
  ['memory_mb', (s) => s.memory_mb],
  ['attempt_created_at', (s) => s.created_at],
  ['evaluated_at', (s) => s.evaluated_at],
];

export type CsvShape = { attempts: boolean; code: boolean };

/** The names of the columns: first row of every CSV export. */
export function csvHeader({ attempts, code }: CsvShape): string[] {
  const names = TASK_COLUMNS.map(([name]) => name);
  if (attempts) names.push(...ATTEMPT_COLUMNS.map(([name]) => name));
  return code ? [...names, 'code'] : names;
}

/** The part of a row that a task's attempts share, without a line end. */
export function taskPart(task: ExportedTask): string {
  return TASK_COLUMNS.map(([, cell]) => csvCell(cell(task))).join(',');
}

/** The attempt's part of a row; a task without attempts keeps one row whose part is empty. */
export function attemptPart(attempt: ExportedSubmission | null): string {
  return ATTEMPT_COLUMNS.map(([, cell]) => (attempt === null ? '' : csvCell(cell(attempt)))).join(',');
}

/** The last row of `trailer=true`: `row_count` in the first column, the rows between header and this one in the second. */
export function csvTrailer(rows: number, shape: CsvShape): string {
  const cells: Cell[] = csvHeader(shape).map(() => null);
  return csvRow(['row_count', rows, ...cells.slice(2)]);
}
