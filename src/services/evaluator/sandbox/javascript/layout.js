// Text of plain values, and how texts are put on lines, in the form in which Node prints them.
(own) => {
  const { list, push, join, slice, indexOf, includes, charCode, repeat } = own;

  const ELEMENTS = 100;
  const TEXT = 10_000;
  const WIDTH = 80;
  /** Levels of nesting that may share a line, and elements of a list from which on columns are made. */
  const COMPACT = 3;
  const COLUMNS_FROM = 6;
  const MOST_COLUMNS = 15;
  const INTERESTING = /["'\\\p{Cc}\p{Cs}]/u;

  const ESCAPES = { __proto__: null, 8: '\\b', 9: '\\t', 10: '\\n', 12: '\\f', 13: '\\r', 92: '\\\\' };

  function hexCode(code) {
    const digits = own.numberText(code, 16);
    return code < 256 ? `\\x${own.padStart(code < 160 ? upper(digits) : digits, 2, '0')}` : `\\u${digits}`;
  }
  function upper(digits) {
    let text = '';
    for (let i = 0; i < digits.length; i++) {
      const code = charCode(digits, i);
      text += code >= 97 ? 'ABCDEF'[code - 97] : digits[i];
    }
    return text;
  }

  /** A text in the quotes that need the fewest escapes. */
  function quote(text) {
    if (own.exec(INTERESTING, text) === null) return `'${text}'`;
    const mark = !includes(text, "'") ? "'" : !includes(text, '"') ? '"' : includes(text, '`') || includes(text, '${') ? "'" : '`'; // biome-ignore format: a table
    let quoted = '';
    for (let i = 0; i < text.length; i++) {
      const code = charCode(text, i);
      if (code >= 0xd800 && code <= 0xdfff) {
        const next = code <= 0xdbff && i + 1 < text.length ? charCode(text, i + 1) : 0;
        if (next >= 0xdc00 && next <= 0xdfff) quoted += text[i] + text[++i];
        else quoted += hexCode(code);
      } else if (ESCAPES[code] !== undefined) quoted += ESCAPES[code];
      else if (code < 32 || (code > 126 && code < 160)) quoted += hexCode(code);
      else quoted += text[i] === "'" && mark === "'" ? "\\'" : text[i];
    }
    return mark + quoted + mark;
  }

  function quoteLines(state, value) {
    const more = value.length - TEXT;
    const text = more > 0 ? slice(value, 0, TEXT) : value;
    const trailer = more > 0 ? `... ${more} more character${more > 1 ? 's' : ''}` : '';
    if (text.length <= 16 || text.length <= WIDTH - state.indent - 4) return quote(text) + trailer;
    const parts = list();
    for (let from = 0; from < text.length; ) {
      const end = indexOf(text, '\n', from) + 1 || text.length;
      push(parts, quote(slice(text, from, end)));
      from = end;
    }
    return join(parts, ` +\n${repeat(' ', state.indent + 2)}`) + trailer;
  }

  function numberText(value) {
    return own.same(value, -0) ? '-0' : `${value}`;
  }
  function primitive(state, value) {
    switch (typeof value) {
      case 'string':
        return quoteLines(state, value);
      case 'number':
        return numberText(value);
      case 'bigint':
        return `${own.bigintText(value)}n`;
      case 'symbol':
        return own.symbolText(value);
      default:
        return `${value}`;
    }
  }

  /** Columns a text takes on a screen, nearly: wide East Asian characters and pictures take two. */
  function width(text) {
    let columns = 0;
    for (let i = 0; i < text.length; i++) {
      const code = own.codePoint(text, i);
      if (code > 0xffff) i += 1;
      if (code < 32 || (code >= 127 && code < 160) || (code >= 0x300 && code <= 0x36f)) continue;
      columns += code >= 0x1100 && isWide(code) ? 2 : 1;
    }
    return columns;
  }
  function isWide(code) {
    return (
      code <= 0x115f ||
      (code >= 0x2e80 && code <= 0xa4c6 && code !== 0x303f) ||
      (code >= 0xac00 && code <= 0xd7a3) ||
      (code >= 0xf900 && code <= 0xfaff) ||
      (code >= 0xfe30 && code <= 0xfe6b) ||
      (code >= 0xff01 && code <= 0xff60) ||
      (code >= 0x1f300 && code <= 0x1f9ff) ||
      (code >= 0x20000 && code <= 0x3fffd)
    );
  }
  function isNumeric(value, count) {
    for (let i = 0; i < count; i++) {
      const type = typeof value[i];
      if (type !== 'number' && type !== 'bigint') return false;
    }
    return true;
  }
  /** Puts short elements of a long list into columns. */
  function columned(state, items, value) {
    let count = items.length;
    if (ELEMENTS < count) count -= 1; // the line that counts the rest
    const widths = list();
    let total = 0;
    let widest = 0;
    for (let i = 0; i < count; i++) {
      push(widths, width(items[i]));
      total += widths[i] + 2;
      widest = own.max(widest, widths[i]);
    }
    const cell = widest + 2;
    if (cell * 3 + state.indent >= WIDTH || !(total / cell > 5 || widest <= 6)) return items;
    const biased = own.max(cell - 3 - own.sqrt(cell - total / items.length), 1);
    const columns = own.min(
      own.round(own.sqrt(2.5 * biased * count) / biased),
      own.floor((WIDTH - state.indent) / cell),
      COMPACT * 4,
      MOST_COLUMNS,
    );
    if (columns <= 1) return items;
    const columnWidths = list();
    for (let column = 0; column < columns; column++) {
      let most = 0;
      for (let i = column; i < count; i += columns) most = own.max(most, widths[i]);
      push(columnWidths, most + 2);
    }
    const right = value === undefined || isNumeric(value, items.length);
    const rows = list();
    for (let start = 0; start < count; start += columns) {
      const end = own.min(start + columns, count);
      let row = '';
      for (let i = start; i < end; i++) {
        const last = i === end - 1;
        const text = last ? items[i] : `${items[i]}, `;
        const padded = columnWidths[i - start] + items[i].length - widths[i] - (last ? 2 : 0);
        row += right ? own.padStart(text, padded) : last ? text : own.padEnd(text, padded);
      }
      push(rows, row);
    }
    if (ELEMENTS < items.length) push(rows, items[count]);
    return rows;
  }

  function fitsOneLine(items, start, base) {
    let total = items.length + start;
    if (total + items.length > WIDTH) return false;
    for (let i = 0; i < items.length; i++) {
      total += items[i].length;
      if (total > WIDTH || includes(items[i], '\n')) return false;
    }
    return !includes(base, '\n');
  }
  function layout(state, all, { open, close, base, listed }, level, value) {
    const items = listed && all.length > COLUMNS_FROM ? columned(state, all, value) : all;
    const start = base === '' ? '' : `${base} `;
    if (state.deepest - level < COMPACT && items.length === all.length) {
      const taken = items.length + state.indent + open.length + base.length + 10;
      if (fitsOneLine(items, taken, base)) return `${start}${open} ${join(items, ', ')} ${close}`;
    }
    const line = `\n${repeat(' ', state.indent)}`;
    return `${start}${open}${line}  ${join(items, `,${line}  `)}${line}${close}`;
  }

  own.ELEMENTS = ELEMENTS;
  own.quote = quote;
  own.primitive = primitive;
  own.numberShown = numberText;
  own.width = width;
  own.layout = layout;
};
