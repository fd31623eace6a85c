// Values as text, in the form in which Node prints them (depth 2, lines of 80 characters, 100 elements of a list).
(own) => {
  const { list, push, join, passes, slice, indexOf, includes, charCode, repeat, describe, prototypeOf } = own;

  const ELEMENTS = 100;
  const TEXT = 10_000;
  const WIDTH = 80;
  /** Levels of nesting that may share a line, and elements of a list from which on columns are made. */
  const COMPACT = 3;
  const COLUMNS_FROM = 6;
  const MOST_COLUMNS = 15;
  /** Longer lists are not searched for properties beside their elements: listing the names would take too long. */
  const SEARCHED = 10_000;
  const INTERESTING = /["'\\\p{Cc}\p{Cs}]/u;
  const NAME = /^[a-zA-Z_][a-zA-Z_0-9]*$/;

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

  function isInstance(value, type) {
    try {
      return value instanceof type;
    } catch {
      return false;
    }
  }
  /** Name of the class of a value by its prototypes; null where there is none. */
  function className(value) {
    let first;
    for (let object = value; object !== null; ) {
      const found = describe(object, 'constructor');
      const type = found?.value;
      if (typeof type === 'function' && type.name !== '' && isInstance(value, type)) return `${type.name}`;
      object = prototypeOf(object);
      if (first === undefined) first = object;
    }
    return first === null ? null : 'Object <Complex prototype>';
  }
  function prefix(name, tag, fallback, size = '') {
    if (name === null) {
      const start = `[${fallback}${size}: null prototype] `;
      return tag !== '' && fallback !== tag ? `${start}[${tag}] ` : start;
    }
    return tag !== '' && name !== tag ? `${name}${size} [${tag}] ` : `${name}${size} `;
  }
  function style(name, tag) {
    return prefix(name, tag, 'Object');
  }

  /** Names and symbols of the properties that are shown. */
  function shownKeys(value) {
    const all = list();
    const names = own.keys(value);
    for (let i = 0; i < names.length; i++) push(all, names[i]);
    const symbols = own.symbols(value);
    for (let i = 0; i < symbols.length; i++) if (own.isEnumerable(value, symbols[i])) push(all, symbols[i]);
    return all;
  }
  function isIndex(key) {
    return typeof key === 'string' && own.exec(/^(?:0|[1-9]\d{0,9})$/, key) !== null;
  }
  function namedKeys(value, length) {
    const rest = list();
    if (length > SEARCHED) return rest;
    const all = shownKeys(value);
    for (let i = 0; i < all.length; i++) if (!isIndex(all[i])) push(rest, all[i]);
    return rest;
  }

  function indented(state, value, level) {
    state.indent += 2;
    const text = format(state, value, level);
    state.indent -= 2;
    return text;
  }
  function propertyValue(state, found, level) {
    if (found === undefined) return 'undefined';
    if (found.get !== undefined) return found.set === undefined ? '[Getter]' : '[Getter/Setter]';
    if (found.set !== undefined) return '[Setter]';
    return indented(state, found.value, level);
  }
  function keyText(key) {
    if (typeof key === 'symbol') return own.symbolText(key);
    if (key === '__proto__') return "['__proto__']";
    return own.exec(NAME, key) === null ? quote(key) : key;
  }
  function property(state, value, key, level) {
    const found = describe(value, key);
    const name = keyText(key);
    return `${found?.enumerable === false ? `[${name}]` : name}: ${propertyValue(state, found, level)}`;
  }

  function more(count, what = 'item') {
    return `... ${count} more ${what}${count > 1 ? 's' : ''}`;
  }
  function elementsOf(state, value, level) {
    const shown = list();
    const { length } = value;
    let index = 0;
    let holes = null;
    while (index < length && shown.length < ELEMENTS) {
      if (own.hasOwn(value, index)) {
        push(shown, propertyValue(state, describe(value, index), level));
        index += 1;
        continue;
      }
      holes ??= own.keys(value);
      let next = length;
      for (let i = 0; i < holes.length && isIndex(holes[i]); i++) {
        if (+holes[i] <= index) continue;
        next = +holes[i];
        break;
      }
      push(shown, `<${next - index} empty item${next - index > 1 ? 's' : ''}>`);
      index = next;
    }
    if (index < length) push(shown, more(length - index));
    return shown;
  }
  function typedElements(state, value) {
    const shown = list();
    const length = own.arrayLength(value);
    for (let i = 0; i < length && i < ELEMENTS; i++) push(shown, primitive(state, value[i]));
    if (length > ELEMENTS) push(shown, more(length - ELEMENTS));
    return shown;
  }
  function members(state, size, each) {
    const shown = list();
    state.indent += 2;
    each((text) => {
      if (shown.length < ELEMENTS) push(shown, text());
    });
    state.indent -= 2;
    if (size > ELEMENTS) push(shown, more(size - ELEMENTS));
    return shown;
  }
  function setMembers(state, value, level) {
    return members(state, own.setSize(value), (add) =>
      own.setEach(value, (item) => add(() => format(state, item, level))),
    );
  }
  function mapMembers(state, value, level) {
    return members(state, own.mapSize(value), (add) =>
      own.mapEach(value, (item, key) =>
        add(() => `${format(state, key, level)} => ${format(state, item, level)}`),
      ),
    );
  }
  function bytes(state, value) {
    const size = own.bufferSize(value);
    const view = new own.Uint8Array(value);
    let text = '';
    for (let i = 0; i < size && i < ELEMENTS; i++) {
      text += (i === 0 ? '' : ' ') + own.padStart(own.numberText(view[i], 16), 2, '0');
    }
    if (size > ELEMENTS) text += ` ${more(size - ELEMENTS, 'byte')}`;
    const shown = list();
    push(shown, `[Uint8Contents]: <${text}>`);
    push(shown, `[byteLength]: ${primitive(state, size)}`);
    return shown;
  }

  /** A linked list or a tree as the list it is written as in a test; what goes round in a circle is cut. */
  function nodeItems(state, value, level) {
    const shown = list();
    const seen = new own.Set();
    const queue = list();
    push(queue, value);
    const tree = own.isTreeNode(value);
    let last = 0;
    for (let i = 0; i < queue.length; i++) {
      const node = queue[i];
      if (shown.length >= ELEMENTS) {
        push(shown, '...');
        return shown;
      }
      if (node === null || node === undefined) {
        push(shown, 'null');
        continue;
      }
      const before = own.setSize(seen);
      own.setAdd(seen, node);
      if (own.setSize(seen) === before) {
        push(shown, '[Circular]');
        return shown;
      }
      push(shown, indented(state, node.val, level));
      last = shown.length;
      if (tree) {
        push(queue, node.left);
        push(queue, node.right);
      } else if (node.next !== null && node.next !== undefined) push(queue, node.next);
    }
    shown.length = last;
    return shown;
  }

  function boxedText(state, value, name, keys) {
    for (const type in own.boxed) {
      if (!passes(own.boxed[type], value)) continue;
      const inner = own.boxed[type](value);
      if (type === 'String') {
        let kept = 0;
        for (let i = 0; i < keys.length; i++) if (!isIndex(keys[i])) keys[kept++] = keys[i];
        keys.length = kept;
      }
      const of = name === type ? '' : ` (${name ?? 'null prototype'})`;
      return `[${type}${of}: ${primitive(state, inner)}]`;
    }
    return null;
  }
  function functionText(value, name, tag) {
    const source = own.sourceOf(value);
    if (own.startsWith(source, 'class') && own.endsWith(source, '}')) {
      const own_ = own.hasOwn(value, 'name') && value.name !== '' ? value.name : '(anonymous)';
      let text = `class ${own_}`;
      if (name !== 'Function' && name !== null) text += ` [${name}]`;
      if (tag !== '' && name !== tag) text += ` [${tag}]`;
      const parent = name === null ? '[null prototype]' : prototypeOf(value).name;
      return `[${text}${parent ? ` extends ${parent}` : ''}]`;
    }
    const kind = own.exec(/^(Async)?(Generator)?Function$/, tag) === null ? 'Function' : tag;
    const title = value.name === '' ? ' (anonymous)' : `: ${value.name}`;
    let text = `[${kind}${name === null ? ' (null prototype)' : ''}${title}]`;
    if (name !== kind && name !== null) text += ` ${name}`;
    if (tag !== '' && tag !== kind && name !== tag) text += ` [${tag}]`;
    return text;
  }

  function read(value, key) {
    try {
      return value[key];
    } catch {
      return undefined;
    }
  }
  function without(keys, name) {
    let kept = 0;
    for (let i = 0; i < keys.length; i++) if (keys[i] !== name) keys[kept++] = keys[i];
    keys.length = kept;
  }
  function has(keys, name) {
    for (let i = 0; i < keys.length; i++) if (keys[i] === name) return true;
    return false;
  }
  /** The stack with the name of the error's own class, in brackets where there is none. */
  function errorBase(state, error, name, tag, keys) {
    const given = read(error, 'stack');
    let stack = typeof given === 'string' && given !== '' ? given : own.errorText(error);
    const message = read(error, 'message');
    const called = read(error, 'name') ?? 'Error';
    without(keys, 'stack');
    if (typeof message !== 'string' || includes(stack, message)) without(keys, 'message');
    if (typeof called !== 'string' || includes(stack, called)) without(keys, 'name');
    if (own.hasOwn(error, 'cause') && !has(keys, 'cause')) push(keys, 'cause');
    if (own.hasOwn(error, 'errors') && own.isArray(error.errors) && !has(keys, 'errors'))
      push(keys, 'errors');
    if (typeof called === 'string' && own.endsWith(called, 'Error') && own.startsWith(stack, called)) {
      const title = slice(prefix(name, tag, 'Error'), 0, -1);
      const rest = slice(stack, called.length);
      if (title !== called) stack = includes(title, called) ? title + rest : `${title} [${called}]${rest}`;
    }
    const from = typeof message === 'string' && message !== '' ? indexOf(stack, message) + message.length : 0;
    if (indexOf(stack, '\n    at', own.max(0, from)) < 0) stack = `[${stack}]`;
    return state.indent === 0 ? stack : replaceLines(stack, `\n${repeat(' ', state.indent)}`);
  }
  function replaceLines(text, by) {
    let result = '';
    let from = 0;
    for (;;) {
      const at = indexOf(text, '\n', from);
      if (at < 0) return result + slice(text, from);
      result += slice(text, from, at) + by;
      from = at + 1;
    }
  }

  /** Shape of a value in square brackets; `items` is null where there are none. */
  function brackets(title, name, keys, items) {
    return { __proto__: null, open: `${title}[`, close: ']', base: '', keys, items, name, listed: true };
  }
  function bracesOf(title, name, keys, items, base) {
    return { __proto__: null, open: `${title}{`, close: '}', base, keys, items, name, listed: false };
  }
  /**
   * How a value that is not plain is shown: its opening bracket, what comes before it (`base`), its named properties
   * and a function for the rest.
   */
  function shape(state, value, level) {
    const name = className(value);
    let tag = read(value, own.toStringTag);
    if (typeof tag !== 'string' || (tag !== '' && own.isEnumerable(value, own.toStringTag))) tag = '';

    if (own.isArray(value)) {
      const { length } = value;
      const title = name !== 'Array' || tag !== '' ? prefix(name, tag, 'Array', `(${length})`) : '';
      const items = length === 0 ? null : () => elementsOf(state, value, level);
      return brackets(title, style(name, tag), namedKeys(value, length), items);
    }
    const braces = (title, keys, items, base = '') => bracesOf(title, style(name, tag), keys, items, base);
    if (typeof value === 'function') {
      const base = functionText(value, name, tag);
      return braces('', shownKeys(value), null, base);
    }
    if (own.isListNode(value) || own.isTreeNode(value)) {
      return brackets(`${name} `, style(name, tag), list(), () => nodeItems(state, value, level));
    }
    const kind = own.arrayKind(value);
    if (kind !== undefined) {
      const length = own.arrayLength(value);
      const items = length === 0 ? null : () => typedElements(state, value);
      const title = prefix(name, tag, kind, `(${length})`);
      return brackets(title, style(name, tag), namedKeys(value, length), items);
    }
    const keys = shownKeys(value);
    if (name === 'Object' && !own.isError(value)) {
      const isArguments = own.tagOf(value) === '[object Arguments]';
      const title = isArguments ? '[Arguments] ' : tag === '' ? '' : prefix(name, tag, 'Object');
      return braces(title, keys, null);
    }
    if (own.isError(value)) {
      const base = errorBase(state, value, name, tag, keys);
      return braces('', keys, null, base);
    }
    if (passes(own.setSize, value)) {
      const size = own.setSize(value);
      const title = prefix(name, tag, 'Set', `(${size})`);
      return braces(title, keys, size === 0 ? null : () => setMembers(state, value, level));
    }
    if (passes(own.mapSize, value)) {
      const size = own.mapSize(value);
      const title = prefix(name, tag, 'Map', `(${size})`);
      return braces(title, keys, size === 0 ? null : () => mapMembers(state, value, level));
    }
    if (passes(own.time, value)) {
      const text = own.isNaN(own.time(value)) ? own.dateText(value) : own.isoText(value);
      const title = prefix(name, tag, 'Date');
      const base = title === 'Date ' ? text : title + text;
      return braces('', keys, null, base);
    }
    if (passes(own.regexpSource, value) && value !== own.RegExp.prototype) {
      const title = prefix(name, tag, 'RegExp');
      const text = own.regexpText(value);
      const base = title === 'RegExp ' ? text : title + text;
      return braces('', keys, null, base);
    }
    if (passes(own.bufferSize, value)) {
      return braces(prefix(name, tag, 'ArrayBuffer'), keys, () => bytes(state, value));
    }
    if (passes(own.viewSize, value)) {
      return braces(prefix(name, tag, 'DataView'), keys, () => viewItems(state, value, level));
    }
    if (passes((weak) => own.weakSetHas(weak, weak), value)) {
      return braces(prefix(name, tag, 'WeakSet'), keys, unknownItems);
    }
    if (passes((weak) => own.weakMapHas(weak, weak), value)) {
      return braces(prefix(name, tag, 'WeakMap'), keys, unknownItems);
    }
    if (own.isUnder(own.PromisePrototype, value)) {
      // Nothing inside the engine tells what a promise holds before it is awaited.
      return braces(prefix(name, tag, 'Promise'), keys, pendingItems);
    }
    const base = boxedText(state, value, name, keys);
    if (base !== null) return braces('', keys, null, base);
    return braces(style(name, tag), keys, null);
  }
  function oneItem(text) {
    const items = list();
    push(items, text);
    return items;
  }
  const unknownItems = () => oneItem('<items unknown>');
  const pendingItems = () => oneItem('<pending>');
  function viewItems(state, value, level) {
    const items = oneItem(`[byteLength]: ${primitive(state, own.viewSize(value))}`);
    push(items, `[byteOffset]: ${primitive(state, own.viewOffset(value))}`);
    push(items, `[buffer]: ${indented(state, own.viewBuffer(value), level)}`);
    return items;
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
        const room = columnWidths[i - start] + items[i].length - widths[i] - (last ? 2 : 0);
        row += right ? own.padStart(text, room) : last ? text : own.padEnd(text, room);
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
      const room = items.length + state.indent + open.length + base.length + 10;
      if (fitsOneLine(items, room, base)) return `${start}${open} ${join(items, ', ')} ${close}`;
    }
    const line = `\n${repeat(' ', state.indent)}`;
    return `${start}${open}${line}  ${join(items, `,${line}  `)}${line}${close}`;
  }

  function circular(state, value) {
    if (!own.mapHas(state.circles, value)) own.mapSet(state.circles, value, own.mapSize(state.circles) + 1);
    return `[Circular *${own.mapGet(state.circles, value)}]`;
  }
  /** The text of a value at a level of nesting. */
  function format(state, value, level) {
    if (value === null) return 'null';
    if (typeof value !== 'object' && typeof value !== 'function') return primitive(state, value);
    for (let i = 0; i < state.seen.length; i++) if (state.seen[i] === value) return circular(state, value);

    const shaped = shape(state, value, level + 1);
    if (shaped.items === null && shaped.keys.length === 0) {
      return shaped.base === '' ? `${shaped.open}${shaped.close}` : shaped.base;
    }
    if (level > state.depth) return `[${slice(shaped.name, 0, -1)}]`;
    push(state.seen, value);
    state.deepest = level + 1;
    const items = shaped.items === null ? list() : shaped.items();
    for (let i = 0; i < shaped.keys.length; i++) {
      push(items, property(state, value, shaped.keys[i], level + 1));
    }
    state.seen.length -= 1;
    if (own.mapHas(state.circles, value)) {
      const mark = `<ref *${own.mapGet(state.circles, value)}>`;
      shaped.base = shaped.base === '' ? mark : `${mark} ${shaped.base}`;
    }
    return layout(
      state,
      items,
      shaped,
      level + 1,
      own.isTreeNode(value) || own.isListNode(value) ? items : value,
    );
  }

  /** Text of any value; nothing that the value's own code throws comes out. */
  own.inspect = (value, depth = 2) => {
    const state = { __proto__: null, depth, indent: 0, deepest: 0, seen: list(), circles: new own.Map() };
    try {
      return format(state, value, 0);
    } catch {
      return typeof value === 'function' ? '[Function]' : '[object]';
    }
  };
  own.quote = quote;
  own.numberShown = numberText;
  own.className = className;
  own.width = width;
};
