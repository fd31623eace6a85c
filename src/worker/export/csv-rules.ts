import type { ExportedSubmission, ExportedTask } from '#contract/export.ts';
import { isResult, resultOf } from '#contract/vocabulary.ts';

/** A cell: numbers stay numbers, text is made safe for spreadsheets, null is an empty cell. */
export type Cell = string | number | null;

/**
 * Text that a spreadsheet could take for a formula: after apostrophes, quotes and white space one of = + - @ in any
 * width, or a tab or line end in front. Apostrophes belong to the class so that the rule can be undone.
 */
const FORMULA = /^(?:[\t\r\n]|[\s'"]*[=+\-@＝＋－＠﹦﹢﹣﹫])/;

/** Most characters (UTF-16) of a cell in a spreadsheet; Excel loses what is beyond, or the row. */
const MOST_CHARACTERS = 32_767;
/** Cells that the code of a submission (at most 64 KB) may need. */
const CODE_CELLS = 3;

/** The first characters of a text, no character cut in two. */
function beginning(text: string, length: number): string {
  const cut = text.slice(0, length);
  return /[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut;
}

/**
 * A long text for several cells that together are it; each has room for the apostrophe that makes it safe.
 * @returns as many cells as code has, null for those that are not needed.
 */
export function codeCells(code: string | null): (string | null)[] {
  const cells: (string | null)[] = [];
  let rest = code;
  while (cells.length < CODE_CELLS) {
    const cell: string | null = rest === null ? null : beginning(rest, MOST_CHARACTERS - 1);
    cells.push(cell);
    rest = rest === null || cell === null || cell.length === rest.length ? null : rest.slice(cell.length);
  }
  return cells;
}

/**
 * One cell by RFC 4180. Text that could be a formula gets one apostrophe in front (OWASP, CSV injection); a reader takes
 * the first apostrophe off when what follows matches the rule above. Empty text is `""`, unlike null. A text that no
 * spreadsheet holds is cut and ends with an ellipsis.
 */
export function csvCell(value: Cell): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const guarded = FORMULA.test(value) ? `'${value}` : value;
  const safe = guarded.length <= MOST_CHARACTERS ? guarded : `${beginning(guarded, MOST_CHARACTERS - 1)}…`;
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

/** What the cells of a row depend on apart from its task. */
export type CsvDress = {
  titles: ReadonlyMap<string, { title: string }>;
  /** How a time (RFC 3339) is written. */
  time(at: string | null): string | null;
};

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
const TASK_COLUMNS: readonly (readonly [name: string, cell: (task: ExportedTask, as: CsvDress) => Cell])[] = [
  ['task_id', (t) => t.id],
  ['path_id', (t) => t.path_id],
  ['kind', (t) => t.kind],
  ['problem_id', (t) => t.problem_id],
  ['title', (t, as) => as.titles.get(t.problem_id)?.title ?? null],
  ['module', (t) => t.module],
  ['topic_tags', (t) => tagsCell(t.topic_tags)],
  ['difficulty', (t) => t.difficulty],
  ['status', (t) => t.status],
  ['scheduled_at', (t, as) => as.time(t.scheduled_at)],
  ['started_at', (t, as) => as.time(t.started_at)],
  ['completed_at', (t, as) => as.time(t.completed_at)],
  ['completed_day', (t) => t.completed_day],
  ['expires_at', (t, as) => as.time(t.expires_at)],
  ['score', (t) => t.score],
  ['result', (t) => resultOf(t.score)],
  ['time_spent_seconds', (t) => t.time_spent_seconds],
  ['hints_used', (t) => t.hints_used],
  ['attempts', (t) => t.attempts],
  ['compile_errors', (t) => compileErrors(t)],
  ['pending_evaluations', (t) => t.pending_evaluations],
  ['version', (t) => t.version],
  ['created_at', (t, as) => as.time(t.created_at)],
  ['reason', (t) => metadataText(t, 'reason')],
  ['skip_reason', (t) => metadataText(t, 'skip_reason')],
  ['notes', (t) => metadataText(t, 'notes')],
  ['metadata', (t) => JSON.stringify(t.metadata)],
];

/** Columns that `attempts=true` adds: the attempt's own figures. */
const ATTEMPT_COLUMNS: readonly (readonly [
  name: string,
  cell: (attempt: ExportedSubmission, as: CsvDress) => Cell,
])[] = [
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
  ['attempt_created_at', (s, as) => as.time(s.created_at)],
  ['evaluated_at', (s, as) => as.time(s.evaluated_at)],
];

export type CsvShape = { attempts: boolean; code: boolean };

/** The names of the columns: first row of every CSV export. */
export function csvHeader({ attempts, code }: CsvShape): string[] {
  const names = TASK_COLUMNS.map(([name]) => name);
  if (attempts) names.push(...ATTEMPT_COLUMNS.map(([name]) => name));
  if (code)
    for (let cell = 1; cell <= CODE_CELLS; cell += 1) names.push(cell === 1 ? 'code' : `code_${cell}`);
  return names;
}

/** The part of a row that a task's attempts share, without a line end. */
export function taskPart(task: ExportedTask, as: CsvDress): string {
  return TASK_COLUMNS.map(([, cell]) => csvCell(cell(task, as))).join(',');
}

/** The attempt's part of a row; a task without attempts keeps one row whose part is empty. */
export function attemptPart(attempt: ExportedSubmission | null, as: CsvDress): string {
  return ATTEMPT_COLUMNS.map(([, cell]) => (attempt === null ? '' : csvCell(cell(attempt, as)))).join(',');
}

/** The last row of `trailer=true`: `row_count` in the first column, the rows between header and this one in the second. */
export function csvTrailer(rows: number, shape: CsvShape): string {
  const cells: Cell[] = csvHeader(shape).map(() => null);
  return csvRow(['row_count', rows, ...cells.slice(2)]);
}
