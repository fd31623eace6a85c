import type { Report } from '../module.ts';

const HEAD = ['proof', 'runs', 'faults', 'violations', 'planted bugs caught', 'seconds'];

function faultsText(faults: Record<string, number>): string {
  const text = Object.entries(faults)
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => `${kind} ${count}`);
  return text.length === 0 ? '-' : text.join(', ');
}

function caughtText({ mutants }: Report): string {
  return `${mutants.filter(({ caught }) => caught !== null).length}/${mutants.length}`;
}

/** Cells of a report: a line per row, the planted bugs and the whole time beside the first. */
function cells(module: string, report: Report): string[][] {
  return report.rows.map((row, index) => [
    `${module}: ${row.name}`,
    String(row.runs),
    faultsText(row.faults),
    String(row.violations),
    index === 0 ? caughtText(report) : '',
    row.seconds.toFixed(1),
  ]);
}

/** The table of all reports, in columns of equal width; long lists of faults go on in the next line. */
export function tableOf(reports: ReadonlyMap<string, Report>): string {
  const WIDE = 46;
  const rows = [HEAD, ...[...reports].flatMap(([name, report]) => cells(name, report))].flatMap((row) => {
    const lines = wrap(row[2] ?? '', WIDE);
    return lines.map((line, index) =>
      row.map((cell, column) => (column === 2 ? line : index === 0 ? cell : '')),
    );
  });
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 || column === 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
  lines.splice(1, 0, '-'.repeat(widths.reduce((sum, width) => sum + width + 2, -2)));
  return lines.join('\n');
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [''];
  for (const part of text.split(/(?<=, )/)) {
    const last = lines.length - 1;
    if ((lines[last] ?? '').length + part.trimEnd().length > width && lines[last] !== '') lines.push(part);
    else lines[last] += part;
  }
  return lines.map((line) => line.trimEnd());
}
