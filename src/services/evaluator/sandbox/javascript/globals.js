// The globals a learner expects beside the language: timers on a virtual clock, `queueMicrotask`, `structuredClone`,
// `module`, the node classes. What could block, share memory or run other code is taken away.
(own) => {
  const { list, push, construct, apply } = own;

  for (const name of ['SharedArrayBuffer', 'Atomics', 'WebAssembly'])
    Reflect.deleteProperty(globalThis, name);

  /** Timers of the current call; they end with it. Time jumps to the next one when nothing else is left to do. */
  let waiting = list();
  let clock = 0;
  let lastId = 0;
  let uncaught = null;

  function callback(work) {
    if (typeof work !== 'function') throw new own.TypeError('The callback must be a function');
    return work;
  }
  function schedule(work, delay, args, every) {
    const pause = own.max(1, own.number(delay) || 0);
    lastId += 1;
    push(waiting, {
      __proto__: null,
      id: lastId,
      at: clock + pause,
      every: every ? pause : null,
      work,
      args,
    });
    return lastId;
  }
  function cancel(id) {
    let kept = 0;
    for (let i = 0; i < waiting.length; i++) if (waiting[i].id !== id) waiting[kept++] = waiting[i];
    waiting.length = kept;
  }
  own.beginTimers = () => {
    waiting = list();
    uncaught = null;
  };
  own.hasTimers = () => waiting.length > 0;
  own.takeUncaught = () => uncaught;
  function guarded(work, args) {
    try {
      apply(work, undefined, args);
    } catch (error) {
      uncaught ??= { __proto__: null, error };
    }
  }
  /** Runs the timer that is due first. */
  own.runTimer = () => {
    let first = waiting[0];
    for (let i = 1; i < waiting.length; i++) if (waiting[i].at < first.at) first = waiting[i];
    clock = own.max(clock, first.at);
    if (first.every === null) cancel(first.id);
    else first.at = clock + first.every;
    guarded(first.work, first.args);
  };

  own.offer('setTimeout', function setTimeout(work, delay, ...args) {
    return schedule(callback(work), delay, args, false);
  });
  own.offer('setInterval', function setInterval(work, delay, ...args) {
    return schedule(callback(work), delay, args, true);
  });
  own.offer('setImmediate', function setImmediate(work, ...args) {
    return schedule(callback(work), 0, args, false);
  });
  for (const name of ['clearTimeout', 'clearInterval', 'clearImmediate']) own.offer(name, (id) => cancel(id));
  own.offer('queueMicrotask', function queueMicrotask(work) {
    callback(work);
    own.soon(() => guarded(work, []));
  });
  /** Runs `work` as a job of the engine, after what runs now; no method that a program may replace takes part. */
  own.soon = async (work) => {
    await null;
    work();
  };

  class DataCloneError extends Error {
    get name() {
      return 'DataCloneError';
    }
  }
  const ERRORS = {
    __proto__: null,
    Error,
    EvalError,
    RangeError,
    ReferenceError,
    SyntaxError,
    TypeError,
    URIError,
  };
  const ARRAYS = { __proto__: null };
  for (const type of [
    ...[Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array],
    ...[Float16Array, Float32Array, Float64Array, BigInt64Array, BigUint64Array],
  ]) {
    ARRAYS[type.name] = type;
  }
  function refuse(value) {
    const what = typeof value === 'symbol' ? own.symbolText(value) : own.inspect(value, 0);
    return new DataCloneError(`${what} could not be cloned.`);
  }
  function cloneError(value, seen) {
    const type = ERRORS[own.string(value.name)] ?? own.Error;
    const message = own.describe(value, 'message')?.value;
    const copy = own.Error(message === undefined ? '' : own.string(message));
    own.setPrototypeOf(copy, type.prototype);
    own.mapSet(seen, value, copy);
    own.define(copy, 'stack', own.string(value.stack), false);
    if (own.hasOwn(value, 'cause')) own.define(copy, 'cause', clone(value.cause, seen), false);
    return copy;
  }
  function cloneView(value, kind, seen) {
    const buffer = clone(kind === undefined ? own.viewBuffer(value) : own.arrayBuffer(value), seen);
    if (kind === undefined) return new own.DataView(buffer, own.viewOffset(value), own.viewSize(value));
    return construct(ARRAYS[kind], [buffer, own.arrayOffset(value), own.arrayLength(value)]);
  }
  /** A copy of what is neither a list nor a plain object; null for those two. */
  function cloneSpecial(value, seen) {
    if (own.isError(value)) return cloneError(value, seen);
    if (own.passes(own.time, value)) return new own.Date(own.time(value));
    if (own.passes(own.regexpSource, value)) {
      return new own.RegExp(own.regexpSource(value), own.regexpFlags(value));
    }
    if (own.passes(own.bufferSize, value)) return own.bufferSlice(value, 0);
    if (own.isView(value)) return cloneView(value, own.arrayKind(value), seen);
    for (const type in own.boxed) {
      if (type !== 'Symbol' && own.passes(own.boxed[type], value)) return Object(own.boxed[type](value));
    }
    if (own.passes(own.mapSize, value)) {
      const copy = new own.Map();
      own.mapSet(seen, value, copy);
      own.mapEach(value, (item, key) => own.mapSet(copy, clone(key, seen), clone(item, seen)));
      return copy;
    }
    if (own.passes(own.setSize, value)) {
      const copy = new own.Set();
      own.mapSet(seen, value, copy);
      own.setEach(value, (item) => own.setAdd(copy, clone(item, seen)));
      return copy;
    }
    return null;
  }
  function isStrange(value) {
    return (
      own.isUnder(own.PromisePrototype, value) ||
      own.isUnder(own.IteratorPrototype, value) ||
      own.passes((weak) => own.weakMapHas(weak, weak), value) ||
      own.passes((weak) => own.weakSetHas(weak, weak), value)
    );
  }
  function clone(value, seen) {
    if (typeof value === 'symbol' || typeof value === 'function') throw refuse(value);
    if (typeof value !== 'object' || value === null) return value;
    if (own.mapHas(seen, value)) return own.mapGet(seen, value);
    const special = own.isArray(value) ? null : cloneSpecial(value, seen);
    if (special !== null) {
      own.mapSet(seen, value, special);
      return special;
    }
    if (isStrange(value)) throw refuse(value);
    const copy = own.isArray(value) ? [] : {};
    own.mapSet(seen, value, copy);
    if (own.isArray(value)) copy.length = value.length;
    const fields = own.keys(value);
    for (let i = 0; i < fields.length; i++) own.define(copy, fields[i], clone(value[fields[i]], seen));
    return copy;
  }
  own.offer('structuredClone', function structuredClone(value, options) {
    if (options?.transfer?.length > 0) throw new DataCloneError('Nothing can be transferred here.');
    return clone(value, new own.Map());
  });

  const start = own.now();
  own.offer('performance', { now: () => own.now() - start, timeOrigin: start });
  own.offer('global', globalThis);
  own.offer('ListNode', own.ListNode);
  own.offer('TreeNode', own.TreeNode);
  const module = { exports: {} };
  own.offer('module', module);
  own.offer('exports', module.exports);
  own.exported = () => module.exports;
};
