// What a printed value is called: its class, its prefix, and the whole text of functions, errors and boxed values.
(own) => {
  const { push, slice, indexOf, includes, repeat, describe, prototypeOf, passes, primitive } = own;

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

  function isIndex(key) {
    return typeof key === 'string' && own.exec(/^(?:0|[1-9]\d{0,9})$/, key) !== null;
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

  own.className = className;
  own.prefix = prefix;
  own.style = style;
  own.isIndex = isIndex;
  own.boxedText = boxedText;
  own.functionText = functionText;
  own.errorBase = errorBase;
  own.readSafely = read;
};
