// `console`, complete, into a buffer that the harness hands out after each call.
(own) => {
  const { list, push, join, inspect, numberShown, repeat, slice } = own;

  /** Characters kept for one call, and printed ones after which the program is stopped. */
  const KEPT = 65_536;
  const STOP = 1_048_576;
  const INDENT = 2;

  let printed = 0;
  let kept = '';
  let indent = '';

  function write(text) {
    let lines = text;
    if (indent !== '') {
      lines = '';
      for (let from = 0; from <= text.length; ) {
        const end = own.indexOf(text, '\n', from);
        lines += indent + slice(text, from, end < 0 ? text.length : end + 1);
        from = end < 0 ? text.length + 1 : end + 1;
      }
    }
    printed += lines.length + 1;
    if (kept.length <= KEPT) kept += lines.length > KEPT ? slice(lines, 0, KEPT + 1) : `${lines}\n`;
    if (printed > STOP) throw new own.RangeError('output limit exceeded');
  }
  /** Takes what was printed since the last time. */
  own.takeOutput = () => {
    const taken = kept;
    kept = '';
    return taken;
  };
  own.isFlooded = () => printed > STOP;
  own.beginOutput = () => {
    printed = 0;
    indent = '';
  };

  function hasOwnText(value) {
    for (let object = value; object !== null; object = own.prototypeOf(object)) {
      const text = own.describe(object, 'toString') ?? own.describe(object, own.symbol.toPrimitive);
      if (text === undefined) continue;
      return typeof text.value === 'function' && !own.includes(own.sourceOf(text.value), '[native code]');
    }
    return false;
  }
  function asText(value) {
    if (typeof value === 'number') return numberShown(value);
    if (typeof value === 'bigint') return `${own.bigintText(value)}n`;
    if (typeof value !== 'object' || value === null || (!own.isError(value) && hasOwnText(value))) {
      return own.string(value);
    }
    return inspect(value, 0);
  }
  function asNumber(value, convert) {
    if (typeof value === 'bigint') return `${own.bigintText(value)}n`;
    return typeof value === 'symbol' ? 'NaN' : numberShown(convert(value));
  }
  function asJson(value) {
    try {
      return own.stringify(value);
    } catch {
      return '[Circular]';
    }
  }
  const DIRECTIVES = {
    __proto__: null,
    s: asText,
    d: (value) => asNumber(value, own.number),
    i: (value) => asNumber(value, own.parseInteger),
    f: (value) => (typeof value === 'symbol' ? 'NaN' : numberShown(own.parseFloat(value))),
    j: asJson,
    o: (value) => inspect(value, 4),
    O: (value) => inspect(value),
    c: () => '',
  };

  /** Values as one text, with the directives of the first one (`%s %d %i %f %j %o %O %c %%`) filled in. */
  function format(values) {
    let text = '';
    let next = 0;
    if (typeof values[0] === 'string') {
      const template = values[0];
      next = 1;
      if (values.length === 1) return template;
      for (let i = 0; i < template.length; i++) {
        const letter = template[i] === '%' ? template[i + 1] : undefined;
        if (letter === '%') text += template[i++];
        else if (letter !== undefined && DIRECTIVES[letter] !== undefined && next < values.length) {
          text += DIRECTIVES[letter](values[next++]);
          i += 1;
        } else text += template[i];
      }
    }
    for (; next < values.length; next++) {
      const value = values[next];
      text += (next > 0 ? ' ' : '') + (typeof value === 'string' ? value : inspect(value));
    }
    return text;
  }

  function row(cells, widths, [left, between, right], fill = ' ') {
    let text = left;
    for (let i = 0; i < widths.length; i++) {
      const cell = cells === null ? '' : cells[i];
      const blanks = widths[i] - own.width(cell);
      text += (i > 0 ? between : '') + fill + cell + repeat(fill, blanks + 1);
    }
    return text + right;
  }
  function drawTable(head, rows) {
    const widths = list();
    for (let i = 0; i < head.length; i++) {
      let widest = own.width(head[i]);
      for (let j = 0; j < rows.length; j++) widest = own.max(widest, own.width(rows[j][i]));
      push(widths, widest);
    }
    const lines = list();
    push(lines, row(null, widths, '┌┬┐', '─'));
    push(lines, row(head, widths, '│││'));
    push(lines, row(null, widths, '├┼┤', '─'));
    for (let i = 0; i < rows.length; i++) push(lines, row(rows[i], widths, '│││'));
    push(lines, row(null, widths, '└┴┘', '─'));
    return join(lines, '\n');
  }
  function cellsOf(...texts) {
    const cells = list();
    for (let i = 0; i < texts.length; i++) push(cells, texts[i]);
    return cells;
  }
  function collectionTable(data) {
    const rows = list();
    if (own.passes(own.mapSize, data)) {
      own.mapEach(data, (value, key) =>
        push(rows, cellsOf(`${rows.length}`, inspect(key, 0), inspect(value, 0))),
      );
      return drawTable(cellsOf('(iteration index)', 'Key', 'Values'), rows);
    }
    own.setEach(data, (value) => push(rows, cellsOf(`${rows.length}`, inspect(value, 0))));
    return drawTable(cellsOf('(iteration index)', 'Values'), rows);
  }
  /** Names of the properties of all rows, in the order in which they come. */
  function columnsOf(data, names, wanted) {
    const columns = list();
    const known = new own.Set();
    const add = (name) => {
      const before = own.setSize(known);
      own.setAdd(known, name);
      if (own.setSize(known) > before) push(columns, name);
    };
    if (own.isArray(wanted)) for (let i = 0; i < wanted.length; i++) add(own.string(wanted[i]));
    for (let i = 0; wanted === undefined && i < names.length; i++) {
      const value = data[names[i]];
      const fields = typeof value === 'object' && value !== null ? own.keys(value) : list();
      for (let j = 0; j < fields.length; j++) add(fields[j]);
    }
    return columns;
  }
  /** One row for each entry, one column for each property; plain values get a column of their own. */
  function tableText(data, wanted) {
    if (own.passes(own.mapSize, data) || own.passes(own.setSize, data)) return collectionTable(data);
    const names = own.keys(data);
    const columns = columnsOf(data, names, wanted);
    const rows = list();
    let plain = false;
    for (let i = 0; i < names.length; i++) {
      const value = data[names[i]];
      const isObject = typeof value === 'object' && value !== null;
      const cells = cellsOf(names[i]);
      for (let j = 0; j < columns.length; j++) {
        const there = isObject && own.hasOwn(value, columns[j]);
        push(cells, there ? inspect(value[columns[j]], 0) : '');
      }
      push(cells, isObject ? '' : inspect(value));
      plain ||= !isObject;
      push(rows, cells);
    }
    const head = cellsOf('(index)');
    for (let i = 0; i < columns.length; i++) push(head, columns[i]);
    if (plain) push(head, 'Values');
    return drawTable(head, rows);
  }

  const counts = new own.Map();
  const timers = new own.Map();
  const labelled = (label) => (label === undefined ? 'default' : own.string(label));
  function elapsed(label, rest) {
    const name = labelled(label);
    if (!own.mapHas(timers, name)) return write(`Warning: No such label '${name}' for console.timeEnd()`);
    const shown = list();
    push(shown, `${name}: ${own.now() - own.mapGet(timers, name)}ms`);
    for (let i = 0; i < rest.length; i++) push(shown, rest[i]);
    write(format(shown));
  }
  const log = (...values) => write(format(values));

  const methods = {
    log,
    warn: log,
    error: log,
    info: log,
    debug: log,
    dirxml: log,
    dir(value, options) {
      const depth = options?.depth;
      write(inspect(value, depth === null ? Infinity : typeof depth === 'number' ? depth : 2));
    },
    table(data, columns) {
      if (typeof data !== 'object' || data === null) log(data);
      else write(tableText(data, columns));
    },
    group(...labels) {
      if (labels.length > 0) write(format(labels));
      indent += repeat(' ', INDENT);
    },
    groupEnd() {
      indent = slice(indent, INDENT);
    },
    assert(holds, ...values) {
      if (holds) return;
      if (typeof values[0] === 'string') values[0] = `Assertion failed: ${values[0]}`;
      write(values.length === 0 ? 'Assertion failed' : format(values));
    },
    count(label) {
      const name = labelled(label);
      const count = (own.mapGet(counts, name) ?? 0) + 1;
      own.mapSet(counts, name, count);
      write(`${name}: ${count}`);
    },
    countReset(label) {
      own.mapDelete(counts, labelled(label));
    },
    time(label) {
      own.mapSet(timers, labelled(label), own.now());
    },
    timeEnd(label) {
      elapsed(label, []);
      own.mapDelete(timers, labelled(label));
    },
    timeLog: (label, ...values) => elapsed(label, values),
    trace(...values) {
      const place = new own.Error(values.length === 0 ? '' : format(values));
      own.define(place, 'name', 'Trace');
      write(own.stackOf(place));
    },
    clear() {},
    profile() {},
    profileEnd() {},
    timeStamp() {},
  };
  methods.groupCollapsed = methods.group;
  own.define(methods, own.toStringTag, 'console', false);
  own.offer('console', methods);
  own.format = format;
};
