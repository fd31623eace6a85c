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
  STDOUT_KEPT,
  STDOUT_STOP,
  send,
  stop,
} from './child-io.mjs';
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

guardMemory();
keepStdinBlocking();
const constants = fs.constants;
process.binding = () => ({ fs: constants }); // Pyodide asks for these; the permission model refuses the real one
const { loadPyodide } = await import(pyodideUrl);
const python = await loadPyodide({
  jsglobals: Object.create(null),
  ...openImage(IMAGE_FD, pyodideUrl),
  ...PYTHON_PLACE,
});

let current = 0;
let printed = 0;
let kept = '';
const decoder = new TextDecoder();
const sink = {
  write(bytes) {
    printed += bytes.length;
    if (printed > STDOUT_STOP) {
      send({ k: 'OLE', n: current });
      stop(7);
    }
    if (kept.length < STDOUT_KEPT) kept += decoder.decode(bytes, { stream: true });
    return bytes.length;
  },
};
python.setStdout(sink);
python.setStderr(sink);
python.setStdin({ stdin: () => null });

const harness = python.runPython("import sys; sys.modules['_harness']");
const { h_load: load, h_call: call } = harness;
const wasm = python._module;
// V8 compiles each WebAssembly function when it is first called: a trial run spares the submission that.
load(TRIAL, 'trial');
for (let i = 0; i < TRIAL_CALLS; i++) call('[[3,1.5,"a",null],{"b":[true]}]', '{}');
python.unregisterJsModule('js');
python.unregisterJsModule('pyodide_js');
python.runPython(`
import sys
bridge = ('js', 'pyodide', 'pyodide_js', '_pyodide', '_pyodide_core')
for name in [n for n in sys.modules if n.split('.')[0] in bridge]:
    del sys.modules[name]
sys.modules.update(dict.fromkeys(bridge))
del bridge, name, sys
`);
lockDown();
send({ k: 'READY' });

for (;;) {
  const request = receive();
  current = request.n;
  printed = 0;
  kept = '';
  let result = '';
  try {
    if (request.t === 'load') {
      capMemory(request.memory_mb);
      result = load(request.code, request.entry);
    } else {
      result = call(request.args, request.spec);
    }
  } catch (error) {
    let message = '?';
    try {
      message = String(error?.message ?? error).slice(0, 300);
    } catch {
      message = 'unprintable';
    }
    send({ k: 'FATAL', n: current, message });
    stop(8);
  }
  if (typeof result !== 'string') result = '';
  if (result.length > RESULT_CAP) send({ k: 'OLE', n: current });
  else
    send({
      k: 'R',
      n: current,
      result,
      stdout: kept.slice(0, STDOUT_KEPT),
      truncated: kept.length > STDOUT_KEPT,
      heap: wasm.HEAP8.length,
    });
}
