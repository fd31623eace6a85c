/**
 * Runs one Python submission: `node python-child.mjs <file URL of pyodide.mjs>`, the image to boot from open as fd 4.
 * One process, one submission; the host kills it afterwards whatever happened.
 */
import fs from 'node:fs';
import {
  capMemory,
  guardMemory,
  keepStdinBlocking,
  lockDown,
  RESULT_CAP,
  receive,
  send,
  stop,
} from './child-io.mjs';
import { freezeIntrinsics } from './frozen-realm.mjs';
import { createPrinted } from './printed.mjs';
import { gateImports, SealedBridge, textFunctions } from './python-bridge.mjs';
import { openImage, PYTHON_PLACE } from './python-image.mjs';

const IMAGE_FD = 4;
const [pyodideUrl] = process.argv.slice(2);

const TRIAL = `
from collections import defaultdict
class Counter:
    def __init__(self):
        self.seen = defaultdict(list)
    def add(self, key, value):
        self.seen[key].append(value)
def trial(values, more):
    counter = Counter()
    for i, value in enumerate(sorted(values, key=str)):
        counter.add(str(value), (i, f'{i}' + 'x' * i, [n * n for n in range(i) if n % 2]))
    print(len(values))
    while len(values) > 1 and values[0] != values[-1]:
        values.pop()
    try:
        more['c']
    except KeyError as error:
        return [dict(counter.seen), {1, 2}, max(1, 2.5) / 2, -7 // 2, error.args[0]]
`;
const TRIAL_CALLS = 3;

/** V8's stack on which CPython's own, as compiled, was measured to be full first. */
const LARGE_STACK_KIB = 60_000;
/**
 * Python frames that a program may nest at most. A traceback holds every frame, and freeing it recurses in C once per
 * frame: some 220,000 fit the large stack, 12,000 the small one.
 */
const DEEPEST = { large: 100_000, small: 6000 };

guardMemory();
keepStdinBlocking();
const constants = fs.constants;
process.binding = () => ({ fs: constants }); // Pyodide asks for these; the permission model refuses the real one
const { loadPyodide } = await import(pyodideUrl);

let wasm = null;
/** While text waits to be sent, the interpreter calls the signal helper every few dozen instructions. */
const printed = createPrinted((waits) => {
  if (wasm !== null) wasm.HEAP8[wasm._Py_EMSCRIPTEN_SIGNAL_HANDLING] = Number(waits);
});
/** Standard output and error without the detour over Pyodide's file system: most of what a print costs. */
function printDirectly({ wasi_snapshot_preview1: system }) {
  const real = system.fd_write;
  system.fd_write = Object.assign(
    (fd, vectors, count, written) => {
      if (wasm === null || (fd !== 1 && fd !== 2)) return real(fd, vectors, count, written);
      const { HEAPU32: words, HEAPU8: bytes } = wasm;
      let total = 0;
      for (let i = vectors >>> 2; i < (vectors >>> 2) + 2 * count; i += 2) {
        printed.write(bytes, words[i], words[i + 1]);
        total += words[i + 1];
      }
      words[written >>> 2] = total;
      return 0;
    },
    { sig: real.sig },
  );
}
let seal = null;
const python = await loadPyodide({
  jsglobals: Object.create(null),
  ...openImage(IMAGE_FD, pyodideUrl, (imports, names) => {
    seal = gateImports(imports, names);
    printDirectly(imports);
    imports.env._Py_CheckEmscriptenSignals_Helper = Object.assign(
      () => {
        printed.due();
        return 0;
      },
      { sig: 'i' },
    );
  }),
  ...PYTHON_PLACE,
});
wasm = python._module;
const sink = {
  write(bytes) {
    printed.write(bytes, 0, bytes.length);
    return bytes.length;
  },
};
python.setStdout(sink);
python.setStderr(sink);
python.setStdin({ stdin: () => null });

const stackKib = Number(/--stack-size=(\d+)/.exec(process.execArgv.join(' '))?.[1] ?? LARGE_STACK_KIB);
const small = stackKib < LARGE_STACK_KIB;
if (small) {
  // CPython counts its own stack, in its memory; V8's, which it cannot see, must not be full before that one is.
  const base = wasm._emscripten_stack_get_base();
  const size = Math.floor(((base - wasm._emscripten_stack_get_end()) * stackKib) / LARGE_STACK_KIB);
  wasm._PyUnstable_ThreadState_SetStackProtection(wasm._PyThreadState_Get(), base - size, size);
}
const harness = textFunctions(wasm, '_harness');
const load = harness('h_load');
const call = harness('h_call');
// V8 compiles each WebAssembly function when it is first called: a trial run spares the submission that.
load(TRIAL, 'trial');
for (let i = 0; i < TRIAL_CALLS; i++) call('[[3,1.5,"a",null],{"b":[true]}]', '{}');
python.unregisterJsModule('js');
python.unregisterJsModule('pyodide_js');
harness('h_leave_bridge')(String(small ? DEEPEST.small : DEEPEST.large), '');
lockDown();
freezeIntrinsics();
seal();
printed.begin(0);
send({ k: 'READY' });

function describe(error) {
  if (error instanceof SealedBridge) return 'The program reached for the JavaScript of its runner';
  try {
    if (error instanceof RangeError && error.message.includes('call stack')) {
      return 'The stack was full: calls, or the objects of a chain that was dropped, were nested too deep';
    }
    return String(error?.message ?? error).slice(0, 300);
  } catch {
    return 'unprintable';
  }
}

for (;;) {
  const request = receive();
  printed.begin(request.n);
  let result = null;
  try {
    if (request.t === 'load') {
      capMemory(request.memory_mb);
      result = load(request.code, request.entry);
    } else {
      result = call(request.args, request.spec);
    }
  } catch (error) {
    printed.flush();
    send({ k: 'FATAL', n: request.n, message: describe(error) });
    stop(8);
  }
  result ??= '';
  if (result.length > RESULT_CAP) {
    printed.flush();
    send({ k: 'OLE', n: request.n });
  } else send({ k: 'R', n: request.n, result, ...printed.rest(), heap: wasm.HEAP8.length });
}
