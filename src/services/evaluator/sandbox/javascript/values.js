// Arguments from JSON, and answers as tagged JSON text. Text is written directly: a polluted prototype (toJSON, setters
// of indices) has no part in it.
(own) => {
  const { list, push, stringify, passes, keys } = own;

  const DEPTH = 400;
  const LIST_NODES = 200_000;
  const TREE_NODES = 400_000;
  const { ListNode, TreeNode } = own;

  /** Thrown for an answer that cannot be one; the message is for the learner. */
  class BadReturn {
    #message;
    constructor(message) {
      this.#message = message;
    }
    /** The message, null for anything else that was thrown. */
    static messageOf(error) {
      return typeof error === 'object' && error !== null && #message in error ? error.#message : null;
    }
  }
  const { messageOf } = BadReturn;
  const bad = (message) => new BadReturn(message);
  function article(name) {
    return own.exec(/^[aeiouAEIOU]/, name) === null ? `a ${name}` : `an ${name}`;
  }
  /** What a value is, in a word for a message. */
  function kindOf(value) {
    if (value === null || value === undefined) return `${value}`;
    if (typeof value !== 'object') return article(typeof value);
    return article(own.className(value) ?? 'object');
  }
  own.kindOf = kindOf;

  /** Arguments in place of their tags; a float is a number like any other here. */
  function untagged(value) {
    if (typeof value !== 'object' || value === null) return value;
    if (own.hasOwn(value, '$t')) {
      if (value.$t !== 'float' || !own.hasOwn(value, 'v')) throw new own.Error('unknown tag in an argument');
      return own.number(value.v);
    }
    const fields = keys(value);
    for (let i = 0; i < fields.length; i++) own.define(value, fields[i], untagged(value[fields[i]]));
    return value;
  }
  function toList(values) {
    let head = null;
    for (let i = (values ?? []).length - 1; i >= 0; i--) head = new ListNode(values[i], head);
    return head;
  }
  function toTree(values) {
    if (!values?.length) return null;
    const root = new TreeNode(values[0]);
    const queue = list();
    push(queue, root);
    let next = 1;
    for (let i = 0; next < values.length && i < queue.length; i++) {
      const node = queue[i];
      for (let side = 0; side < 2; side++) {
        const value = next < values.length ? values[next++] : null;
        if (value === null) continue;
        const child = new TreeNode(value);
        if (side === 0) node.left = child;
        else node.right = child;
        push(queue, child);
      }
    }
    return root;
  }
  /**
   * What the test says of arguments and answer, from JSON text: without a prototype, since what a submission puts into
   * Object.prototype must not be taken for a part of it.
   */
  own.specOf = (text) => {
    const spec = own.setPrototypeOf(own.parse(text), null);
    const kinds = spec.arg_types ?? list();
    return {
      __proto__: null,
      place: spec.inplace ?? null,
      returns: spec.return_type ?? null,
      kindOf: (place) => (place < kinds.length ? kinds[place] : null),
    };
  };
  /** Arguments of a call from their JSON text, with lists and trees where the signature has them. */
  own.decode = (text, spec) => {
    const given = own.parse(text);
    const args = own.includes(text, '"$t"') ? untagged(given) : given;
    for (let i = 0; i < args.length; i++) {
      const kind = spec.kindOf(i);
      if (kind === 'ListNode') args[i] = toList(args[i]);
      else if (kind === 'TreeNode') args[i] = toTree(args[i]);
    }
    return args;
  };

  /** Refuses what is no node; the class may be the program's own. */
  function checkNode(value, kind, first, second, where) {
    const isNode =
      typeof value === 'object' &&
      !own.isArray(value) &&
      ('val' in value || first in value || (second !== null && second in value));
    if (!isNode)
      throw bad(
        `expected ${where === 'root' ? `a ${kind} or null` : `a ${kind} as ${where}`}, got ${kindOf(value)}`,
      );
  }
  function listItems(head) {
    const items = list();
    let where = 'root';
    for (let node = head; node !== null && node !== undefined; node = node.next) {
      checkNode(node, 'ListNode', 'next', null, where);
      if (items.length >= LIST_NODES) throw bad('linked list too long or cyclic');
      push(items, encode(node.val, 1));
      where = 'next';
    }
    return items;
  }
  function treeItems(root) {
    const items = list();
    const queue = list();
    push(queue, root);
    let filled = 0;
    for (let i = 0; i < queue.length; i++) {
      if (i >= TREE_NODES) throw bad('tree too large or cyclic');
      const node = queue[i];
      if (node === null || node === undefined) {
        push(items, 'null');
        continue;
      }
      checkNode(node, 'TreeNode', 'left', 'right', i === 0 ? 'root' : 'child');
      push(items, encode(node.val, 1));
      push(queue, node.left);
      push(queue, node.right);
      filled = items.length;
    }
    items.length = filled;
    return items;
  }
  function bracketed(items) {
    return `[${own.join(items, ',')}]`;
  }
  function tagged(tag, items) {
    return `{"$t":"${tag}","v":${bracketed(items)}}`;
  }

  function encodeItems(value, length, depth) {
    const items = list();
    for (let i = 0; i < length; i++) push(items, encode(value[i], depth));
    return bracketed(items);
  }
  function encode(value, depth) {
    if (depth > DEPTH) throw bad('result nested too deep');
    if (value === null) return 'null';
    switch (typeof value) {
      case 'undefined':
        return '{"$t":"undefined","v":null}';
      case 'boolean':
        return value ? 'true' : 'false';
      case 'string':
        return stringify(value);
      case 'number':
        return own.isFinite(value) ? `${value}` : `{"$t":"num","v":"${value}"}`;
      case 'bigint': {
        const digits = own.bigintText(value < 0n ? -value : value, 16);
        return `{"$t":"int","v":"${value < 0n ? '-' : ''}0x${digits}"}`;
      }
      case 'object':
        return encodeObject(value, depth);
      case 'function':
        throw bad(
          `${depth === 0 ? 'the answer is' : 'the answer holds'} a function; was a call of it forgotten?`,
        );
      default:
        throw bad(`unsupported return type ${typeof value}`);
    }
  }
  /** Objects that hold no answer, with advice. */
  function refuseStrange(value, depth) {
    const place = depth === 0 ? 'the answer is' : 'the answer holds';
    const strange = (what, advice) => bad(`${place} ${what}; ${advice}`);
    if (own.isUnder(own.GeneratorPrototype, value)) {
      throw strange('a generator', 'return an array of its values, such as [...values]');
    }
    if (own.isUnder(own.AsyncGeneratorPrototype, value)) {
      throw strange('an async generator', 'collect its values with for await and return an array');
    }
    if (own.isUnder(own.PromisePrototype, value)) {
      throw strange('a Promise', 'await it, or use Promise.all for a list of them');
    }
    if (own.isUnder(own.IteratorPrototype, value)) {
      throw strange('an iterator', 'return an array of its values, such as [...values]');
    }
    if (own.isError(value)) throw strange('an Error', 'throw it, or return its message');
    if (passes(own.time, value)) throw strange('a Date', 'return a number or a text');
    if (passes(own.regexpSource, value)) throw strange('a RegExp', 'return a text');
  }
  function encodeObject(value, depth) {
    if (own.isArray(value)) return encodeItems(value, value.length, depth + 1);
    if (own.arrayKind(value) !== undefined) return encodeItems(value, own.arrayLength(value), depth + 1);
    if (own.isListNode(value)) return tagged('list', listItems(value));
    if (own.isTreeNode(value)) return tagged('tree', treeItems(value));
    const items = list();
    const add = (key, item) => push(items, `[${encode(key, depth + 1)},${encode(item, depth + 1)}]`);
    const prototype = own.prototypeOf(value);
    if (prototype !== own.ObjectPrototype && prototype !== null) {
      for (const type in own.boxed) {
        if (passes(own.boxed[type], value)) return encode(own.boxed[type](value), depth);
      }
      if (passes(own.setSize, value)) {
        own.setEach(value, (item) => push(items, encode(item, depth + 1)));
        return tagged('set', items);
      }
      if (passes(own.mapSize, value)) {
        own.mapEach(value, (item, key) => add(key, item));
        return tagged('map', items);
      }
      refuseStrange(value, depth);
    }
    const fields = keys(value);
    for (let i = 0; i < fields.length; i++) add(fields[i], value[fields[i]]);
    return tagged('map', items);
  }

  /**
   * JSON text of the outcome of a call: what was returned or, if the signature says so, the argument that was changed
   * in place.
   */
  own.outcomeOf = (returned, spec, args) => {
    try {
      const { place } = spec;
      const kind = spec.returns ?? (place === null ? null : spec.kindOf(place));
      const result = place === null ? returned : own.hasOwn(args, place) ? args[place] : undefined;
      const text =
        kind === 'ListNode'
          ? bracketed(listItems(result))
          : kind === 'TreeNode'
            ? bracketed(treeItems(result))
            : encode(result, 0);
      return `{"k":"OK","v":${text}}`;
    } catch (error) {
      const message = messageOf(error);
      return message === null ? own.failure(error, null) : own.report('RE', 'BadReturn', message, null);
    }
  };
};
