// What a thrown value says of itself, and stack traces that hold the submission's own lines only.
(own) => {
  const { exec, inspect, slice, string } = own;

  const FILE = 'submission.js';
  const LONGEST = 2000;
  const CAUSES = 3;
  const BUILT_IN = /^(?:Aggregate|Eval|Range|Reference|Suppressed|Syntax|Type|URI)?Error$/;
  /** A frame of the submission in the text of a stack. */
  const FRAME = /\n\s+at [^\n]*submission\.js:(\d+)/;
  /** Names a program may expect, and why they are not there. */
  const MISSING = {
    __proto__: null,
    require: 'a submission cannot load modules',
    process: 'a submission has no process',
    Buffer: 'a submission has no Buffer; use Uint8Array',
    fetch: 'a submission has no network',
    Atomics: 'a submission runs on one thread',
    SharedArrayBuffer: 'a submission runs on one thread',
    WebAssembly: 'a submission is JavaScript only',
  };

  /** Text of a frame of the submission in three parts: before its line, the line, the rest. */
  const PLACE = /^([\s\S]*submission\.js:)(\d+)([\s\S]*)$/;

  /** Lines that V8 begins and an editor does not, in order: those after U+2028 and U+2029. */
  own.extraLines = own.list();
  function frameText(site) {
    const text = textOf(site);
    const parts = own.extraLines.length === 0 ? null : exec(PLACE, text);
    if (parts === null) return text;
    let line = own.number(parts[2]);
    for (let i = own.extraLines.length - 1; i >= 0; i--) if (own.extraLines[i] <= line) line--;
    return `${parts[1]}${line}${parts[3]}`;
  }

  let fileOf = null;
  let textOf = null;

  /**
   * Text of a stack: V8 asks for it whenever `stack` is read for the first time. Frames of the runner are left out, and
   * no call site is handed to the submission (`Error.prepareStackTrace` is not called).
   */
  function prepare(_global, error, sites) {
    let text = '';
    try {
      text = own.errorText(error);
    } catch {
      text = '<error>';
    }
    if (sites.length === 0) return text;
    if (fileOf === null) {
      const prototype = own.prototypeOf(sites[0]);
      fileOf = own.uncurry(prototype.getFileName);
      textOf = own.uncurry(prototype.toString);
    }
    let last = -1;
    for (let i = 0; i < sites.length; i++) if (fileOf(sites[i]) === FILE) last = i;
    for (let i = 0; i <= last; i++) {
      const file = fileOf(sites[i]);
      if (file === FILE || typeof file !== 'string') text += `\n    at ${frameText(sites[i])}`;
    }
    return text;
  }

  /** Reads a property of a thrown value, which may be a getter or a proxy that throws itself. */
  function read(value, key) {
    try {
      return value[key];
    } catch {
      return undefined;
    }
  }
  function cut(text) {
    return slice(text, 0, LONGEST);
  }
  function isObject(value) {
    return (typeof value === 'object' && value !== null) || typeof value === 'function';
  }
  function typeOf(error) {
    if (!isObject(error)) return error === null ? 'null' : typeof error;
    const name = read(error, 'name');
    const type = read(read(error, 'constructor'), 'name');
    const own_ = typeof type === 'string' && type !== '' ? type : 'Error';
    return typeof name !== 'string' || name === '' || exec(BUILT_IN, name) !== null ? own_ : name;
  }
  function plainMessage(error) {
    if (!isObject(error)) return typeof error === 'string' ? error : inspect(error);
    const message = read(error, 'message');
    if (typeof message === 'string' && (message !== '' || own.isError(error))) return message;
    if (message !== undefined && own.isError(error)) return inspect(message);
    return own.isError(error) ? '' : inspect(error);
  }
  function hint(error, message) {
    if (!own.isError(error)) return message;
    const name = exec(/^(\w+) is not defined$/, message)?.[1];
    return name === undefined || MISSING[name] === undefined ? message : `${message}: ${MISSING[name]}`;
  }
  function messageOf(error, causes = 0) {
    const message = hint(error, plainMessage(error));
    if (!own.isError(error) || causes >= CAUSES || !own.hasOwn(error, 'cause')) return message;
    const cause = read(error, 'cause');
    if (cause === undefined) return message;
    const inner = messageOf(cause, causes + 1);
    const what = isObject(cause) ? `${typeOf(cause)}${inner === '' ? '' : `: ${inner}`}` : inner;
    return `${message}${message === '' ? '' : ' '}(cause: ${what})`;
  }
  function lineOf(error) {
    if (!isObject(error)) return null;
    const stack = read(error, 'stack');
    const place = typeof stack === 'string' ? exec(FRAME, stack)?.[1] : undefined;
    return place === undefined ? null : own.number(place);
  }

  /** JSON text of a failure. @param {string} kind 'RE' or 'CE' */
  own.report = (kind, type, message, line) => {
    const place = line === null ? 'null' : own.string(line);
    return `{"k":"${kind}","type":${own.stringify(type)},"message":${own.stringify(cut(message))},"line":${place}}`;
  };
  /** JSON text for what the submission threw; `line` says where a value without a stack was thrown. */
  own.failure = (error, line) => {
    try {
      if (own.isError(error) && plainMessage(error) === 'Array buffer allocation failed') {
        return own.report('RE', 'OutOfMemory', 'out of memory', lineOf(error));
      }
      const type = slice(string(typeOf(error)), 0, 80);
      return own.report('RE', type, messageOf(error), lineOf(error) ?? line);
    } catch {
      return own.report('RE', 'Error', '<unprintable>', line);
    }
  };
  own.stackOf = (error) => string(read(error, 'stack'));
  own.prepare = prepare;
};
