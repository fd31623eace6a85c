// Runs inside the context before the submission, like every file of this folder, and has no authority. `own` is what
// these files share: private copies of the built-ins, since the submission may change every object it can reach.
// Whatever reads a value of the submission here may run its code (getters, proxies) and must expect it to throw.
(own) => {
  const { call, bind } = Function.prototype;
  /** Turns a method into a function that takes `this` first and does not look at Function.prototype again. */
  const uncurry = bind.bind(call);
  const getter = (prototype, name) => uncurry(Object.getOwnPropertyDescriptor(prototype, name).get);

  const { defineProperty, getOwnPropertyDescriptor, setPrototypeOf } = Object;
  const typedArray = Object.getPrototypeOf(Uint8Array.prototype);

  Object.assign(own, {
    uncurry,
    ObjectPrototype: Object.prototype,
    PromisePrototype: Promise.prototype,
    GeneratorPrototype: Object.getPrototypeOf(Object.getPrototypeOf((function* () {})())),
    AsyncGeneratorPrototype: Object.getPrototypeOf(Object.getPrototypeOf((async function* () {})())),
    IteratorPrototype: Iterator.prototype,
    /** The descriptor without a prototype: a submission may have put `value` or `get` into Object.prototype. */
    describe(object, key) {
      const found = getOwnPropertyDescriptor(object, key);
      return found === undefined ? undefined : setPrototypeOf(found, null);
    },
    keys: Object.keys,
    symbols: Object.getOwnPropertySymbols,
    prototypeOf: Object.getPrototypeOf,
    setPrototypeOf,
    same: Object.is,
    apply: Reflect.apply,
    construct: Reflect.construct,
    isArray: Array.isArray,
    isView: ArrayBuffer.isView,
    isError: Error.isError,
    isFinite: Number.isFinite,
    isNaN: Number.isNaN,
    isInteger: Number.isInteger,
    parse: JSON.parse,
    stringify: JSON.stringify,
    parseInteger: Number.parseInt,
    parseFloat: Number.parseFloat,
    number: Number,
    string: String,
    symbol: Symbol,
    toStringTag: Symbol.toStringTag,
    hasOwn: uncurry(Object.prototype.hasOwnProperty),
    isEnumerable: uncurry(Object.prototype.propertyIsEnumerable),
    isUnder: uncurry(Object.prototype.isPrototypeOf),
    tagOf: uncurry(Object.prototype.toString),
    sourceOf: uncurry(Function.prototype.toString),
    errorText: uncurry(Error.prototype.toString),
    bigintText: uncurry(BigInt.prototype.toString),
    numberText: uncurry(Number.prototype.toString),
    symbolText: uncurry(Symbol.prototype.toString),
    regexpText: uncurry(RegExp.prototype.toString),
    boxed: {
      __proto__: null,
      Number: uncurry(Number.prototype.valueOf),
      String: uncurry(String.prototype.valueOf),
      Boolean: uncurry(Boolean.prototype.valueOf),
      BigInt: uncurry(BigInt.prototype.valueOf),
      Symbol: uncurry(Symbol.prototype.valueOf),
    },
    slice: uncurry(String.prototype.slice),
    indexOf: uncurry(String.prototype.indexOf),
    includes: uncurry(String.prototype.includes),
    startsWith: uncurry(String.prototype.startsWith),
    endsWith: uncurry(String.prototype.endsWith),
    charCode: uncurry(String.prototype.charCodeAt),
    codePoint: uncurry(String.prototype.codePointAt),
    repeat: uncurry(String.prototype.repeat),
    padStart: uncurry(String.prototype.padStart),
    padEnd: uncurry(String.prototype.padEnd),
    react: uncurry(Promise.prototype.then),
    mapHas: uncurry(Map.prototype.has),
    mapGet: uncurry(Map.prototype.get),
    mapSet: uncurry(Map.prototype.set),
    mapDelete: uncurry(Map.prototype.delete),
    mapEach: uncurry(Map.prototype.forEach),
    mapSize: getter(Map.prototype, 'size'),
    setAdd: uncurry(Set.prototype.add),
    setEach: uncurry(Set.prototype.forEach),
    setSize: getter(Set.prototype, 'size'),
    weakMapHas: uncurry(WeakMap.prototype.has),
    weakSetHas: uncurry(WeakSet.prototype.has),
    bufferSize: getter(ArrayBuffer.prototype, 'byteLength'),
    bufferSlice: uncurry(ArrayBuffer.prototype.slice),
    viewSize: getter(DataView.prototype, 'byteLength'),
    viewOffset: getter(DataView.prototype, 'byteOffset'),
    viewBuffer: getter(DataView.prototype, 'buffer'),
    arrayKind: getter(typedArray, Symbol.toStringTag),
    arrayLength: getter(typedArray, 'length'),
    arrayOffset: getter(typedArray, 'byteOffset'),
    arrayBuffer: getter(typedArray, 'buffer'),
    time: uncurry(Date.prototype.getTime),
    isoText: uncurry(Date.prototype.toISOString),
    dateText: uncurry(Date.prototype.toString),
    regexpSource: getter(RegExp.prototype, 'source'),
    regexpFlags: getter(RegExp.prototype, 'flags'),
    now: Date.now,
    min: Math.min,
    max: Math.max,
    sqrt: Math.sqrt,
    floor: Math.floor,
    round: Math.round,
    exec: uncurry(RegExp.prototype.exec),
    Map,
    Date,
    RegExp,
    Set,
    Error,
    RangeError,
    TypeError,
    DataView,
    Uint8Array,
  });

  /** A list whose elements can be set plainly: no setter of Array.prototype or Object.prototype sees them. */
  own.list = () => setPrototypeOf([], null);
  own.push = (list, value) => {
    list[list.length] = value;
  };
  own.join = (list, between) => {
    let text = '';
    for (let i = 0; i < list.length; i++) text += i === 0 ? list[i] : between + list[i];
    return text;
  };
  /** A data property of an object that the submission may have prepared. */
  own.define = (target, name, value, enumerable = true) =>
    defineProperty(target, name, { __proto__: null, value, enumerable, configurable: true, writable: true });
  /** Whether a brand check, which throws for everything else, accepts the value. */
  own.passes = (check, value) => {
    try {
      check(value);
      return true;
    } catch {
      return false;
    }
  };
  /** A global as Node would have it: there, writable, and not listed. */
  own.offer = (name, value) => own.define(globalThis, name, value, false);

  class ListNode {
    #brand;
    constructor(val, next) {
      this.val = val === undefined ? 0 : val;
      this.next = next === undefined ? null : next;
    }
    static {
      own.isListNode = (value) => #brand in value;
    }
  }
  class TreeNode {
    #brand;
    constructor(val, left, right) {
      this.val = val === undefined ? 0 : val;
      this.left = left === undefined ? null : left;
      this.right = right === undefined ? null : right;
    }
    static {
      own.isTreeNode = (value) => #brand in value;
    }
  }
  own.ListNode = ListNode;
  own.TreeNode = TreeNode;
};
