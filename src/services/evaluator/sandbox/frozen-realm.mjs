/**
 * Freezes every intrinsic object of this JavaScript realm, the hidden ones included, and empties the global object, so
 * that a program that reaches the realm can neither plant a getter nor a stack-trace hook nor change what the runner calls.
 */
const { defineProperty, freeze, getOwnPropertyDescriptor, getPrototypeOf } = Object;
const { deleteProperty, ownKeys } = Reflect;

/** Globals of the language that stay: those of ECMAScript but for the large ones that a runner has no use for, and WebAssembly. */
const LANGUAGE = new Set(
  `
  Object Function Array Number parseFloat parseInt Infinity NaN undefined Boolean String Symbol Date Promise RegExp Error
  AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError SuppressedError globalThis JSON Math
  ArrayBuffer SharedArrayBuffer Atomics Uint8Array Int8Array Uint16Array Int16Array Uint32Array Int32Array
  BigUint64Array BigInt64Array Uint8ClampedArray Float16Array Float32Array Float64Array DataView Map BigInt Set Iterator
  WeakMap WeakSet Proxy Reflect FinalizationRegistry WeakRef decodeURI decodeURIComponent encodeURI encodeURIComponent
  escape unescape eval isFinite isNaN WebAssembly
  `
    .trim()
    .split(/\s+/),
);
/** What an engine's glue still asks the host for while a program runs. */
const OF_THE_HOST = new Set(['process', 'performance', 'console']);

/**
 * Properties that objects override by plain assignment, which a frozen prototype would refuse: they become accessors
 * that define the property on the object instead.
 */
const OVERRIDDEN = ['constructor', 'message', 'name', 'stack', 'toString', 'valueOf'];

/** Objects that no global names: prototypes of iterators, generators, typed arrays, call sites and the like. */
function hiddenIntrinsics() {
  const text = '';
  const list = [];
  const sites = [];
  const { prepareStackTrace } = Error;
  Error.prepareStackTrace = (_error, callSites) => {
    sites.push(...callSites);
    return text;
  };
  void new Error(text).stack;
  Error.prepareStackTrace = prepareStackTrace;
  function* generator() {}
  async function later() {}
  async function* laterGenerator() {}
  function strictArguments() {
    // biome-ignore lint/complexity/noArguments: its accessors are an intrinsic
    return arguments;
  }
  return [
    ...[generator, generator(), later, laterGenerator, laterGenerator()],
    ...[list[Symbol.iterator](), text[Symbol.iterator](), text.matchAll(/./g)],
    ...[new Map()[Symbol.iterator](), new Set()[Symbol.iterator]()],
    ...[list.values().map(Boolean), Iterator.from({ next: generator })],
    getPrototypeOf(Int8Array),
    ...sites.map(getPrototypeOf),
    getOwnPropertyDescriptor(strictArguments(), 'callee').get,
  ];
}

/** Takes every global away that is not of the language; values of the rest. */
function namedIntrinsics() {
  const values = [];
  for (const name of ownKeys(globalThis)) {
    if (LANGUAGE.has(name)) values.push(globalThis[name]);
    else if (!OF_THE_HOST.has(name)) deleteProperty(globalThis, name);
  }
  return values;
}

function isObject(value) {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

function allowOverriding(owner, key, { value, writable, configurable, enumerable }) {
  if (!writable || !configurable) return;
  defineProperty(owner, key, {
    get: freeze(() => value),
    set: freeze(function override(own) {
      if (this === owner) throw new TypeError(`${String(key)} is frozen`);
      defineProperty(this, key, { value: own, writable: true, enumerable: true, configurable: true });
    }),
    enumerable,
    configurable: false,
  });
}

/** Every object that can be reached from `roots` by properties, accessors and prototypes, the global object left out. */
function reachable(roots) {
  const seen = new Set();
  const waiting = roots.filter(isObject);
  const note = (value) => {
    if (isObject(value) && !seen.has(value)) waiting.push(value);
  };
  for (let object = waiting.pop(); object !== undefined; object = waiting.pop()) {
    if (seen.has(object) || object === globalThis || object === process) continue;
    seen.add(object);
    note(getPrototypeOf(object));
    for (const key of ownKeys(object)) {
      const { value, get, set } = getOwnPropertyDescriptor(object, key);
      note(value);
      note(get);
      note(set);
    }
  }
  return seen;
}

/** Call when everything is loaded and before anything untrusted runs. */
export function freezeIntrinsics() {
  const intrinsics = reachable([...namedIntrinsics(), ...hiddenIntrinsics()]);
  for (const object of intrinsics) {
    const prototype = getOwnPropertyDescriptor(object, 'prototype')?.value;
    if (!isObject(prototype)) continue;
    for (const key of OVERRIDDEN) {
      const descriptor = getOwnPropertyDescriptor(prototype, key);
      if (descriptor !== undefined && 'value' in descriptor) allowOverriding(prototype, key, descriptor);
    }
  }
  // A view of memory cannot be frozen; there is none among them but those that a program could make itself.
  for (const object of intrinsics) if (!ArrayBuffer.isView(object)) freeze(object);
}
