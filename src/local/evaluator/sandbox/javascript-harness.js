// Runs inside QuickJS before the submission and has no authority: it turns JSON arguments into a call and the result
// into tagged JSON. Keeps private copies of the built-ins it uses, since the submission may change the realm.
(() => {
  const { parse, stringify } = JSON;
  const { isArray } = Array;
  const { isFinite: finite } = Number;
  const { create, defineProperty, keys } = Object;
  const { isView } = ArrayBuffer;
  const text = String;
  const Failure = Error;
  const Pending = Promise;
  const call = Function.prototype.call.bind(Function.prototype.call);
  const { then } = Promise.prototype;
  const { push } = Array.prototype;
  const { has: mapHas, forEach: mapForEach } = Map.prototype;
  const { has: setHas, forEach: setForEach } = Set.prototype;
  const { toString: bigintToString } = BigInt.prototype;
  const { slice, includes } = text.prototype;
  const { exec } = RegExp.prototype;
  const number = Number;
  const dataView = DataView;

  const DEPTH = 400;
  const LIST_NODES = 200_000;
  const TREE_NODES = 400_000;
  const STDOUT_KEPT = 65_536;
  const STDOUT_STOP = 1_048_576;

  class ListNode {
    constructor(val, next) {
      this.val = val === undefined ? 0 : val;
      this.next = next === undefined ? null : next;
    }
  }
  class TreeNode {
    constructor(val, left, right) {
      this.val = val === undefined ? 0 : val;
      this.left = left === undefined ? null : left;
      this.right = right === undefined ? null : right;
    }
  }

  /** A record without prototype: a polluted Object.prototype (toJSON) does not reach it. */
  function bare(fields) {
    const record = create(null);
    for (const key of keys(fields)) record[key] = fields[key];
    return record;
  }
  function append(list, value) {
    defineProperty(list, list.length, { value, enumerable: true, configurable: true, writable: true });
  }
  function badReturn(message) {
    const error = new Failure(message);
    error.name = 'BadReturn';
    return error;
  }

  /** Arguments in place of their tags; a float is a number like any other here. */
  function untagged(value) {
    if (typeof value !== 'object' || value === null) return value;
    if (value.$t !== undefined) {
      if (value.$t !== 'float') throw new Failure('unknown tag in an argument');
      return number(value.v);
    }
    const names = keys(value);
    for (let i = 0; i < names.length; i++) value[names[i]] = untagged(value[names[i]]);
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
    const queue = [root];
    let next = 1;
    for (let i = 0; i < queue.length && next < values.length; i++) {
      for (const side of ['left', 'right']) {
        const value = next < values.length ? values[next++] : null;
        if (value === null) continue;
        queue[i][side] = new TreeNode(value);
        append(queue, queue[i][side]);
      }
    }
    return root;
  }
  function fromList(head) {
    const values = [];
    for (let node = head; node; node = node.next) {
      if (values.length >= LIST_NODES) throw badReturn('linked list too long or cyclic');
      append(values, encode(node.val, 1));
    }
    return values;
  }
  function fromTree(root) {
    const values = [];
    const queue = [root];
    for (let i = 0; i < queue.length; i++) {
      if (i >= TREE_NODES) throw badReturn('tree too large or cyclic');
      const node = queue[i];
      append(values, node ? encode(node.val, 1) : null);
      if (node) call(push, queue, node.left, node.right);
    }
    while (values.length > 0 && values[values.length - 1] === null) values.length--;
    return values;
  }

  function holds(has, value) {
    try {
      call(has, value, 0);
      return true;
    } catch {
      return false;
    }
  }
  function encodeItems(value, depth) {
    const items = [];
    for (let i = 0; i < value.length; i++) append(items, encode(value[i], depth));
    return items;
  }
  function encode(value, depth) {
    if (depth > DEPTH) throw badReturn('result nested too deep');
    if (value === null || value === undefined) return null;
    switch (typeof value) {
      case 'boolean':
      case 'string':
        return value;
      case 'number':
        return finite(value) ? value : bare({ $t: 'num', v: text(value) });
      case 'bigint':
        return bare({
          $t: 'int',
          v: value < 0n ? `-0x${call(bigintToString, -value, 16)}` : `0x${call(bigintToString, value, 16)}`,
        });
      case 'object':
        return encodeObject(value, depth);
      default:
        throw badReturn(`unsupported return type ${typeof value}`);
    }
  }
  function encodeObject(value, depth) {
    if (isArray(value) || (isView(value) && !(value instanceof dataView)))
      return encodeItems(value, depth + 1);
    if (value instanceof ListNode) return bare({ $t: 'list', v: fromList(value) });
    if (value instanceof TreeNode) return bare({ $t: 'tree', v: fromTree(value) });
    const items = [];
    if (holds(setHas, value)) {
      call(setForEach, value, (item) => append(items, encode(item, depth + 1)));
      return bare({ $t: 'set', v: items });
    }
    const add = (key, item) => append(items, [encode(key, depth + 1), encode(item, depth + 1)]);
    if (holds(mapHas, value)) call(mapForEach, value, (item, key) => add(key, item));
    else for (const key of keys(value)) add(key, value[key]);
    return bare({ $t: 'map', v: items });
  }

  let printed = 0;
  let kept = '';
  function show(value) {
    if (typeof value === 'string') return value;
    if (typeof value === 'bigint') return `${call(bigintToString, value)}n`;
    if (typeof value === 'object' && value !== null) {
      try {
        return stringify(value) ?? '[object]';
      } catch {
        return '[object]';
      }
    }
    return text(value);
  }
  function log(...values) {
    let line = '';
    for (let i = 0; i < values.length; i++) line += (i > 0 ? ' ' : '') + show(values[i]);
    printed += line.length + 1;
    if (printed > STDOUT_STOP) throw new RangeError('output limit exceeded');
    if (kept.length < STDOUT_KEPT) kept += `${line}\n`;
  }

  /** Reads a property of a thrown value, which may be a getter or a proxy that throws itself. */
  function read(value, key, fallback) {
    try {
      const found = typeof value === 'object' && value !== null ? value[key] : fallback;
      return call(slice, text(found ?? fallback), 0, 2000);
    } catch {
      return fallback;
    }
  }
  function failure(error, kind = 'RE') {
    const isObject = typeof error === 'object' && error !== null;
    let message = '';
    try {
      message = isObject ? read(error, 'message', '') : call(slice, text(error), 0, 2000);
    } catch {
      message = '<unprintable>';
    }
    const place = call(exec, /submission\.js:(\d+)/, read(error, 'stack', ''));
    return stringify(
      bare({
        k: kind,
        type: call(slice, read(error, 'name', typeof error), 0, 80),
        message,
        line: place === null ? null : number(place[1]),
      }),
    );
  }

  let outcome = null;
  function finish(returned, spec, args) {
    try {
      const place = spec.inplace ?? null;
      const kind = spec.return_type ?? (place === null ? null : (spec.arg_types?.[place] ?? null));
      const result = place === null ? returned : args[place];
      const value =
        kind === 'ListNode' ? fromList(result) : kind === 'TreeNode' ? fromTree(result) : encode(result, 0);
      outcome = stringify(bare({ k: 'OK', v: value }));
    } catch (error) {
      outcome = failure(error);
    }
  }
  function run(entryPoint, argsText, specText) {
    outcome = null;
    printed = 0;
    try {
      const given = parse(argsText);
      const args = call(includes, argsText, '"$t"') ? untagged(given) : given;
      const spec = parse(specText);
      const kinds = spec.arg_types ?? [];
      for (let i = 0; i < kinds.length && i < args.length; i++) {
        if (kinds[i] === 'ListNode') args[i] = toList(args[i]);
        else if (kinds[i] === 'TreeNode') args[i] = toTree(args[i]);
      }
      const returned = entryPoint(...args);
      if (!(returned instanceof Pending)) return finish(returned, spec, args);
      call(
        then,
        returned,
        (value) => finish(value, spec, args),
        (error) => {
          outcome = failure(error);
        },
      );
    } catch (error) {
      outcome = failure(error);
    }
  }

  globalThis.ListNode = ListNode;
  globalThis.TreeNode = TreeNode;
  globalThis.console = { log, error: log, warn: log, info: log, debug: log };
  globalThis.module = { exports: {} };
  globalThis.exports = globalThis.module.exports;

  return {
    call: run,
    state: () => outcome ?? '{"k":"RE","type":"PromiseNeverSettled","message":"","line":null}',
    describe: failure,
    flooded: () => (printed > STDOUT_STOP ? 'yes' : 'no'),
    output() {
      const taken = kept;
      kept = '';
      return taken;
    },
  };
})();
