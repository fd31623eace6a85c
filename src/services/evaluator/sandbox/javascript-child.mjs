/**
 * Runs one JavaScript submission on this process's own V8, in a context that has nothing of this realm:
 * `node --expose-internals javascript-child.mjs <folder of the harness>`. One process, one submission.
 *
 * Nothing but primitive values goes into the context. What comes out as an object (a thrown value, a namespace, a
 * promise) is never looked at here, only handed back to the harness inside. V8's hooks that would call functions of this
 * realm while the submission runs (stack traces, `import()`, `import.meta`, rejected promises) are set to functions of
 * the context: an error of this realm, say by a stack that overflows there, would otherwise reach the submission.
 */
import fs from 'node:fs';
import { createRequire, stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { types } from 'node:util';
import vm from 'node:vm';
import { lockDown, RESULT_CAP, receive, STDOUT_KEPT, send, stop } from './child-io.mjs';

const FILE = 'submission.js';
/** Largest text of one frame of output, in UTF-16 units. */
const CHUNK = 16_384;
/** UTF-16 units of a message; the names in it may be as long as the program. */
const LONGEST = 2000;
const LONGEST_NAME = 100;
const PARTS = ['realm', 'layout', 'naming', 'inspect', 'console', 'errors', 'values', 'globals', 'harness'];
const WATCHED = { displayErrors: false, breakOnSigint: true };
/** `throw` statements, other than of a new object, whose lines are marked. */
const MOST_THROWS = 20;

const { internalBinding } = createRequire(import.meta.url)('internal/test/binding');
const { ModuleWrap, setImportModuleDynamicallyCallback, setInitializeImportMetaObjectCallback } =
  internalBinding('module_wrap');
const { getErrorSourcePositions, setPrepareStackTraceCallback } = internalBinding('errors');
const { setPromiseRejectCallback } = internalBinding('task_queue');
const { startSigintWatchdog } = internalBinding('contextify');
const { getOwnPropertyDescriptor } = Object;
const { isNativeError } = types;
const readRss = process.memoryUsage.rss.bind(process.memoryUsage);
const { stringify } = JSON;

const context = vm.createContext(vm.constants.DONT_CONTEXTIFY, {
  codeGeneration: { strings: false, wasm: false },
  microtaskMode: 'afterEvaluate',
});
const jobs = new vm.Script('0', { filename: 'jobs' });

/** Bytes resident now; 0 in a container that does not show a process its own size: the host measures it anyway. */
function rss() {
  try {
    return readRss();
  } catch {
    return 0;
  }
}

/** Evaluates the harness in the context and puts its functions where V8 would call into this realm. */
function begin(folder) {
  const own = new vm.Script('({ __proto__: null })').runInContext(context);
  let harness;
  for (const part of PARTS) {
    const source = fs.readFileSync(join(folder, `${part}.js`), 'utf8');
    const install = new vm.Script(`'use strict';${source}`, { filename: `harness/${part}` });
    harness = install.runInContext(context)(own);
  }
  setPrepareStackTraceCallback(harness.prepare);
  setImportModuleDynamicallyCallback(harness.refuseImport);
  setInitializeImportMetaObjectCallback(harness.ignore);
  setPromiseRejectCallback(harness.ignore);
  return harness.ask;
}

const ask = begin(process.argv[2]);

/** Set once the host has asked for an end: the submission must not run again. */
let interrupted = false;
/** Whether a thrown value is the engine's own word that the host has interrupted the run; runs none of its code. */
function isInterrupt(error) {
  return (
    isNativeError(error) &&
    getOwnPropertyDescriptor(error, 'code')?.value === 'ERR_SCRIPT_EXECUTION_INTERRUPTED'
  );
}
/** Runs a script of the context under the watchdog, then its jobs; what it throws goes to the harness unseen. */
function run(script) {
  try {
    return script.runInContext(context, WATCHED);
  } catch (error) {
    if (isInterrupt(error)) interrupted = true;
    else ask('threw', error);
  }
}
/** Runs jobs and timers until there is an outcome or nothing left to do. */
function finish() {
  do {
    run(jobs);
    if (interrupted) return;
    const state = ask('state');
    if (state !== 'timer') break;
    ask('tick');
  } while (!interrupted);
  ask('settle');
  run(jobs);
}

function attempt(compile) {
  try {
    return { program: compile(), error: null };
  } catch (error) {
    return { program: null, error };
  }
}
const asScript = (code) => attempt(() => new vm.Script(code, { filename: FILE }));
const asModule = (code) => attempt(() => new ModuleWrap(FILE, context, code, 0, 0));

/** Line of an index in a text as editors count: U+2028 and U+2029 may be in a literal, and end no line. */
function lineAt(code, index) {
  return code.slice(0, index).split(/\r\n?|\n/).length;
}
/** The lines that V8 begins after U+2028 and U+2029, by its own count, in order. */
function extraLines(code) {
  const ends = code.match(/\r\n|[\n\r\u2028\u2029]/g) ?? [];
  return ends.flatMap((end, index) => (end === '\u2028' || end === '\u2029' ? [index + 2] : []));
}
/** Message and line of a syntax error; nothing of the submission has run yet. */
function syntaxError(error, code) {
  const message = String(getOwnPropertyDescriptor(error, 'message')?.value ?? 'Invalid syntax');
  const counted = getErrorSourcePositions(error)?.lineNumber ?? null;
  const line =
    counted === null ? null : counted - extraLines(code).filter((extra) => extra <= counted).length;
  return { type: 'SyntaxError', message, line };
}
/** How the program is read: as a script or, if it can be none, as a module; else the error of what came further. */
function reading(code) {
  const script = asScript(code);
  if (script.program !== null) return { compile: asScript, code };
  const module = asModule(code);
  if (module.program !== null) return { compile: asModule, code };
  const [one, other] = [syntaxError(script.error, code), syntaxError(module.error, code)];
  return { problem: (other.line ?? 0) > (one.line ?? 0) || /module/.test(one.message) ? other : one };
}
/** As JavaScript, else as TypeScript whose types can be taken out in place, so that lines stay. */
function read(code) {
  const plain = reading(code);
  if (plain.problem === undefined) return plain;
  const reached = plain.problem.line ?? 0;
  try {
    const typed = reading(stripTypeScriptTypes(code));
    return typed.problem !== undefined && (typed.problem.line ?? 0) < reached ? plain : typed;
  } catch (error) {
    const { code: kind, message, stack } = error;
    const line = Number(/^[^\n]*?:(\d+)\n/.exec(stack)?.[1] ?? 0) || null;
    if (kind === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX') {
      const what = message.replace(' is not supported in strip-only mode', '');
      return {
        problem: {
          type: 'SyntaxError',
          message: `${what}: only types that can be erased are accepted`,
          line,
        },
      };
    }
    const further = kind === 'ERR_INVALID_TYPESCRIPT_SYNTAX' && (line ?? 0) > reached;
    return further ? { problem: { type: 'SyntaxError', message, line } } : plain;
  }
}
/** Notes the line before each `throw` of a value that may have no stack; a stray character tells code from text. */
function markThrows(code, compile) {
  const throws = [...code.matchAll(/\bthrow[ \t]+(?!new\b)/g)];
  if (throws.length > MOST_THROWS) return code;
  const compiles = (text) => compile(text).program !== null;
  let marked = '';
  let from = 0;
  for (const { index } of throws) {
    const at = index + 'throw'.length;
    const [before, after] = [code.slice(0, at), code.slice(at)];
    const mark = ` __thrownAt(${lineAt(code, at)}),`;
    if (compiles(`${before} # ${after}`) || !compiles(before + mark + after)) continue;
    marked += code.slice(from, at) + mark;
    from = at;
  }
  return marked + code.slice(from);
}
/** Makes what a module declares without exporting it visible to the harness. */
function exportHidden(code, names) {
  let shown = code;
  for (const name of names) {
    const more = `${shown}\nexport { ${name} as 'hidden ${name}' };`;
    if (asModule(more).program !== null) shown = more;
  }
  return shown;
}

function refusal({ type, message, line }) {
  return stringify({ k: 'CE', type, message: message.slice(0, LONGEST), line });
}
function refusedImport(code, { specifier }) {
  const at = Math.max(code.indexOf(`'${specifier}'`), code.indexOf(`"${specifier}"`));
  const line = at < 0 ? null : lineAt(code, at);
  const message = `Cannot import '${specifier.slice(0, LONGEST_NAME)}': a submission cannot load modules`;
  return refusal({ type: 'ImportError', message, line });
}
/** The value of a name of the script's scope, never looked at here; undefined where there is none. */
function inScope(name) {
  const { program } = attempt(() => new vm.Script(`typeof ${name} === 'undefined' ? undefined : ${name}`));
  return program === null ? undefined : run(program);
}

function load({ code: given, entry }) {
  ask('begin');
  const source = given.startsWith('\uFEFF') ? given.slice(1) : given;
  const { problem, compile, code } = read(source);
  if (problem !== undefined) return refusal(problem);
  const isModule = compile === asModule;
  const shown = isModule ? exportHidden(code, [entry, 'Solution']) : code;
  const { program } = compile(markThrows(shown, compile));
  ask('extraLines', stringify(extraLines(shown)));
  let namespace;
  if (isModule) {
    const [request] = program.getModuleRequests();
    if (request !== undefined) return refusedImport(code, request);
    const linked = attempt(() => {
      program.link([]);
      program.instantiate();
    });
    if (linked.error !== null) return refusal(syntaxError(linked.error, shown));
    namespace = program.getNamespace();
    ask('evaluated', run({ runInContext: () => program.evaluate(-1, true) }));
  } else {
    run(program);
    if (!interrupted) ask('evaluated');
  }
  finish();
  if (interrupted || ask('loaded') !== 'yes') return ask('outcome');
  const declared = isModule ? undefined : inScope(entry);
  const solution = isModule ? undefined : inScope('Solution');
  if (interrupted) return '';
  ask('adopt', entry, declared, solution, namespace);
  finish();
  return ask('outcome');
}

function call({ args, spec }) {
  ask('call', args, spec);
  finish();
  return ask('outcome');
}

startSigintWatchdog();
lockDown();
send({ k: 'READY' });
const bootedRss = rss();

for (;;) {
  const request = receive();
  const { n } = request;
  let result;
  try {
    result = request.t === 'load' ? load(request) : call(request);
  } catch {
    // What was thrown may be the submission's: it is not looked at.
    send({ k: 'FATAL', n, message: 'the runner failed' });
    stop(8);
  }
  const printed = ask('output');
  const stdout = printed.slice(0, STDOUT_KEPT);
  const truncated = printed.length > STDOUT_KEPT;
  if (interrupted || ask('flooded') === 'yes' || result.length > RESULT_CAP) {
    // One more than is kept, so that the host sees that something is missing.
    for (let from = 0; from < printed.length && from <= STDOUT_KEPT; from += CHUNK) {
      send({ k: 'O', n, text: printed.slice(from, from + CHUNK) });
    }
    if (!interrupted) send({ k: 'OLE', n });
    stop(0);
  }
  send({ k: 'R', n, result, stdout, truncated, heap: Math.max(0, rss() - bootedRss) });
}
// Named like this in stack traces, which must not show where the service lies.
//# sourceURL=runner
