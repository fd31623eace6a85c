/** Colours that stay apart for the colour-blind too (Okabe and Ito), on white. */
export const COLOURS = {
  engine: '#0072b2',
  random: '#d55e00',
  ink: '#222222',
  muted: '#6b6b6b',
  grid: '#e4e4e4',
} as const;

export type Scale = {
  from: number;
  to: number;
  ticks: readonly number[];
  label: string;
  format?: (value: number) => string;
};
export type Point = readonly [number, number];

/** A plotting area of 400 x 250 with its axes; `x` and `y` place values in it. */
export type Panel = {
  x(value: number): number;
  y(value: number): number;
  add(markup: string): void;
  render(): string;
};

const AREA = { left: 62, top: 44, width: 360, height: 216 } as const;
export const PANEL_SIZE = { width: 450, height: 320 } as const;

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** A number with at most two decimals: short, and the same on every machine. */
export function short(value: number): string {
  return String(Math.round(value * 100) / 100);
}

type Style = {
  size?: number;
  anchor?: 'start' | 'middle' | 'end';
  colour?: string;
  weight?: 'normal' | 'bold';
  turn?: number;
};

export function words(x: number, y: number, text: string, style: Style = {}): string {
  const { size = 12, anchor = 'start', colour = COLOURS.ink, weight = 'normal', turn = 0 } = style;
  const rotate = turn === 0 ? '' : ` transform="rotate(${turn} ${short(x)} ${short(y)})"`;
  return `<text x="${short(x)}" y="${short(y)}" font-size="${size}" text-anchor="${anchor}" fill="${colour}" font-weight="${weight}"${rotate}>${escaped(text)}</text>`;
}

/** A panel at (left, top) of the sheet. */
export function createPanel(left: number, top: number, title: string, across: Scale, up: Scale): Panel {
  const [x0, y0] = [left + AREA.left, top + AREA.top];
  const x = (value: number) => x0 + ((value - across.from) / (across.to - across.from)) * AREA.width;
  const y = (value: number) => y0 + AREA.height - ((value - up.from) / (up.to - up.from)) * AREA.height;
  const bottom = y0 + AREA.height;
  const frame = [
    words(left + 14, top + 24, title, { size: 14, weight: 'bold' }),
    ...up.ticks.flatMap((tick) => [
      `<line x1="${x0}" x2="${x0 + AREA.width}" y1="${short(y(tick))}" y2="${short(y(tick))}" stroke="${COLOURS.grid}"/>`,
      words(x0 - 7, y(tick) + 4, (up.format ?? short)(tick), {
        size: 11,
        anchor: 'end',
        colour: COLOURS.muted,
      }),
    ]),
    ...across.ticks.map((tick) =>
      words(x(tick), bottom + 17, (across.format ?? short)(tick), {
        size: 11,
        anchor: 'middle',
        colour: COLOURS.muted,
      }),
    ),
    words(x0 + AREA.width / 2, bottom + 36, across.label, {
      size: 12,
      anchor: 'middle',
      colour: COLOURS.muted,
    }),
    words(left + 18, y0 + AREA.height / 2, up.label, {
      size: 12,
      anchor: 'middle',
      colour: COLOURS.muted,
      turn: -90,
    }),
    `<line x1="${x0}" x2="${x0 + AREA.width}" y1="${bottom}" y2="${bottom}" stroke="${COLOURS.muted}"/>`,
  ];
  const marks: string[] = [];
  return {
    x,
    y,
    add: (markup) => marks.push(markup),
    render: () => [...frame, ...marks].join('\n'),
  };
}

/** A line through points; values that are no number interrupt it. */
export function line(panel: Panel, points: readonly Point[], colour: string, dash = ''): void {
  let path = '';
  let pen = 'M';
  for (const [x, y] of points) {
    if (Number.isFinite(y)) path += `${pen}${short(panel.x(x))} ${short(panel.y(y))}`;
    pen = Number.isFinite(y) ? 'L' : 'M';
  }
  const dashes = dash === '' ? '' : ` stroke-dasharray="${dash}"`;
  panel.add(
    `<path d="${path}" fill="none" stroke="${colour}" stroke-width="2"${dashes} stroke-linejoin="round"/>`,
  );
}

export function sheet(width: number, height: number, parts: readonly string[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="Helvetica, Arial, sans-serif">
<rect width="${width}" height="${height}" fill="#ffffff"/>
${parts.join('\n')}
</svg>
`;
}
