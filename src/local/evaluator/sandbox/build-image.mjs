/**
 * `node build-image.mjs <file URL of pyodide.mjs> <python-harness.py>`: boots a Python with the harness in it and
 * writes its image to fd 3, for `python-image.mjs` to read. Trusted code only; runs under the V8 flags of the children,
 * since V8 takes compiled code only from a run with the same flags.
 */
import fs from 'node:fs';
import { compileGlue, PYTHON_PLACE, packImage } from './python-image.mjs';

const [pyodideUrl, harnessPath] = process.argv.slice(2);
const { loadPyodide } = await import(pyodideUrl);
const glue = compileGlue(fs.readFileSync(new URL('./pyodide.asm.mjs', pyodideUrl), 'utf8'), pyodideUrl);
const python = await loadPyodide({
  jsglobals: Object.create(null),
  createPyodideModule: glue.factory,
  ...PYTHON_PLACE,
  _makeSnapshot: true,
});
python.runPython(`
import sys, types
source = ${JSON.stringify(fs.readFileSync(harnessPath, 'utf8'))}
module = types.ModuleType('_harness')
exec(compile(source, '<harness>', 'exec'), module.__dict__)
sys.modules['_harness'] = module
del source, module
`);
const image = packImage(python.makeMemorySnapshot(), glue);
for (let offset = 0; offset < image.length; ) offset += fs.writeSync(3, image, offset);
