/**
 * Runs one JavaScript submission in QuickJS:
 * `node javascript-child.mjs <file URL of quickjs-emscripten-core> <file URL of the variant> <javascript-harness.js>`.
 * One process, one submission; no host function is ever handed into QuickJS.
 */
import fs from 'node:fs';
import {
  capMemory,
  guardMemory,
  lockDown,
  RESULT_CAP,
  receive,
  STDOUT_KEPT,
  send,
  stop,
} from './child-io.mjs';

/** Linear memory beyond QuickJS's own limit: its stack, code and the slack of doubling. */
const SLACK_MIB = 48;
const MIB = 1_048_576;
const STACK_BYTES = 1024 * 1024;
const TRIAL = `
class Counter {
  constructor() { this.seen = new Map(); }
  add(key, value) { this.seen.set(key, [...(this.seen.get(key) ?? []), value]); }
}
function trial(values, more) {
  const counter = new Counter();
  for (const [i, value] of values.sort((a, b) => (String(a) < String(b) ? -1 : 1)).entries()) {
    counter.add(\`\${value}\`, { i, text: 'x'.repeat(i), odd: Array(i).fill(1).map((n) => n * i).filter((n) => n % 2) });
  }
  console.log(values.length);
  while (values.length > 1 && values[0] !== values[values.length - 1]) values.pop();
  try {
    return more.c.d;
  } catch (error) {
    return [counter.seen, new Set([1, 2]), Math.max(1, 2.5) / 2, error.message, { ...more }];
  }
}`;
const TRIAL_CALLS = 3;
const TRIAL_MIB = 64;
const OUT_OF_MEMORY = '{"k":"RE","type":"OutOfMemory","message":"out of memory","line":null}';

guardMemory();
const [coreUrl, variantUrl, harnessPath] = process.argv.slice(2);
const { newQuickJSWASMModuleFromVariant } = await import(coreUrl);
const { default: variant } = await import(variantUrl);
const harnessSource = fs.readFileSync(harnessPath, 'utf8');
const engine = await newQuickJSWASMModuleFromVariant(variant);
const linear = engine.getWasmMemory();
const floor = linear.buffer.byteLength;
let runtime, context, invoke, state, describe, flooded, output, entryPoint;

/** A new QuickJS with nothing in it but the harness. */
function begin() {
  runtime = engine.newRuntime();
  runtime.setMaxStackSize(STACK_BYTES);
  context = runtime.newContext();
  const harness = context.unwrapResult(context.evalCode(harnessSource, 'harness.js'));
  [invoke, state, describe, flooded, output] = ['call', 'state', 'describe', 'flooded', 'output'].map(
    (name) => context.getProp(harness, name),
  );
  entryPoint = null;
}

/** Text that a function of the harness answers; null when QuickJS could not even make the string. */
function ask(handle, ...args) {
  const answer = context.callFunction(handle, context.undefined, ...args);
  if (answer.error) {
    answer.error.dispose();
    return null;
  }
  const text = context.getString(answer.value);
  answer.value.dispose();
  return text;
}

/** What the engine threw past the harness: syntax errors, failures while loading, exhausted memory. */
function failure(kind, error) {
  const text = context.sameValue(error, context.null) ? null : ask(describe, error, context.newString(kind));
  error.dispose();
  return text ?? OUT_OF_MEMORY;
}

function load({ code, entry, memory_mb }) {
  capMemory(memory_mb + SLACK_MIB);
  runtime.setMemoryLimit(memory_mb * MIB);
  const compiled = context.evalCode(code, 'submission.js', { type: 'global', compileOnly: true });
  if (compiled.error) return failure('CE', compiled.error);
  compiled.value.dispose();
  const loaded = context.evalCode(code, 'submission.js', { type: 'global' });
  if (loaded.error) return failure('RE', loaded.error);
  loaded.value.dispose();
  const jobs = runtime.executePendingJobs();
  if (jobs.error) return failure('RE', jobs.error);
  const found = context.evalCode(
    `typeof ${entry} === 'function' ? ${entry} : typeof module.exports === 'function' ? module.exports : module.exports.${entry}`,
    'entry.js',
  );
  if (found.error) found.error.dispose();
  else if (context.typeof(found.value) === 'function') {
    entryPoint = found.value;
    return '{"k":"OK"}';
  }
  return JSON.stringify({
    k: 'CE',
    type: 'MissingEntryPoint',
    message: `${entry} is not defined`,
    line: null,
  });
}

function call({ args, spec }) {
  const handles = [context.newString(args), context.newString(spec)];
  const called = context.callFunction(invoke, context.undefined, entryPoint, ...handles);
  for (const handle of handles) handle.dispose();
  if (called.error) return failure('RE', called.error);
  called.value.dispose();
  const jobs = runtime.executePendingJobs();
  if (jobs.error) return failure('RE', jobs.error);
  return ask(state) ?? OUT_OF_MEMORY;
}

/** High-water mark: the linear memory once it has grown, until then what is in use (counted object by object). */
function heap() {
  if (linear.buffer.byteLength > floor) return linear.buffer.byteLength;
  const handle = runtime.computeMemoryUsage();
  const property = context.getProp(handle, 'memory_used_size');
  const used = context.getNumber(property);
  property.dispose();
  handle.dispose();
  return used;
}

// V8 compiles each WebAssembly function when it is first called: a trial run, in a QuickJS of its own that nothing
// uses afterwards, spares the submission that.
begin();
load({ code: TRIAL, entry: 'trial', memory_mb: TRIAL_MIB });
for (let i = 0; i < TRIAL_CALLS; i++) {
  call({ args: '[[3,1.5,"a",null],{"b":[true]}]', spec: '{}' });
  ask(output);
  ask(flooded);
  heap();
}
begin();
lockDown();
send({ k: 'READY' });

for (;;) {
  const request = receive();
  try {
    const result = request.t === 'load' ? load(request) : call(request);
    const printed = ask(output) ?? '';
    if (ask(flooded) === 'yes' || result.length > RESULT_CAP) send({ k: 'OLE', n: request.n });
    else {
      send({
        k: 'R',
        n: request.n,
        result,
        stdout: printed.slice(0, STDOUT_KEPT),
        truncated: printed.length > STDOUT_KEPT,
        heap: heap(),
      });
    }
  } catch (error) {
    send({ k: 'FATAL', n: request.n, message: String(error?.message ?? error).slice(0, 300) });
    stop(8);
  }
}
