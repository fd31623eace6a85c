// Values as text, in the form in which Node prints them (depth 2, lines of 80 characters, 100 elements of a list).
(own) => {
  const { list, push, passes, slice, describe, quote, primitive, layout, ELEMENTS } = own;
  const { className, prefix, style, isIndex, boxedText, functionText, errorBase, readSafely: read } = own;

  /** Longer lists are not searched for properties beside their elements: listing the names would take too long. */
  const SEARCHED = 10_000;
  const NAME = /^[a-zA-Z_][a-zA-Z_0-9]*$/;

  /** Names and symbols of the properties that are shown. */
  function shownKeys(value) {
    const all = list();
    const names = own.keys(value);
    for (let i = 0; i < names.length; i++) push(all, names[i]);
    const symbols = own.symbols(value);
    for (let i = 0; i < symbols.length; i++) if (own.isEnumerable(value, symbols[i])) push(all, symbols[i]);
    return all;
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
};
