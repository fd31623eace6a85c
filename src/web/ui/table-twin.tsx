import type { ComponentChildren } from 'preact';

type TableTwinProps = {
  /** What the figures are, as a heading would say it. */
  caption: string;
  columns: readonly string[];
  /** One cell per column; the first names the row. */
  rows: readonly (readonly ComponentChildren[])[];
  /** The chart that shows the same. */
  children: ComponentChildren;
};

/** A chart and, one click away and for screen readers and print, the table with the same figures. */
export function TableTwin({ caption, columns, rows, children }: TableTwinProps) {
  return (
    <figure class="twin">
      <div class="twin-chart" aria-hidden="true">
        {children}
      </div>
      <details>
        <summary>{`${caption}: table`}</summary>
        <ScrollTable caption={caption} columns={columns} rows={rows} />
      </details>
    </figure>
  );
}

/** A table that scrolls sideways by itself where the window is too narrow for it. */
export function ScrollTable(props: Omit<TableTwinProps, 'children'>) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section class="table-scroll" tabIndex={0} aria-label={`${props.caption}: table`}>
      <DataTable {...props} />
    </section>
  );
}

/** A plain table whose first column names the rows. */
export function DataTable({ caption, columns, rows }: Omit<TableTwinProps, 'children'>) {
  return (
    <table>
      <caption class="hidden">{caption}</caption>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column} scope="col">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([head, ...cells], index) => (
          <tr key={index}>
            <th scope="row">{head}</th>
            {cells.map((cell, column) => (
              <td key={columns[column + 1]}>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
