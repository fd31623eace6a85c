/**
 * `node build-image.mjs <file URL of pyodide.mjs> <name=file.py>...`: boots a Python with these modules in it, imported
 * in this order, and writes its image to fd 3, for `python-image.mjs` to read. Trusted code only; runs under the V8 flags
 * of the children, since V8 takes compiled code only from a run with the same flags.
 */
import fs from 'node:fs';
import { compileGlue, PYTHON_PLACE, packImage } from './python-image.mjs';

const [pyodideUrl, ...modules] = process.argv.slice(2);
const read = (name) => fs.readFileSync(new URL(name, pyodideUrl));
const { loadPyodide } = await import(pyodideUrl);
const glue = compileGlue(read('./pyodide.asm.mjs').toString(), pyodideUrl);
const imports = WebAssembly.Module.imports(new WebAssembly.Module(read('./pyodide.asm.wasm')))
  .filter(({ module, kind }) => module === 'env' && kind === 'function')
  .map(({ name }) => name);
const python = await loadPyodide({
  jsglobals: Object.create(null),
  createPyodideModule: glue.factory,
  ...PYTHON_PLACE,
  _makeSnapshot: true,
});
for (const module of modules) {
  const [name, path] = module.split('=');
  python.runPython(`
import sys, types
module = types.ModuleType('${name}')
sys.modules['${name}'] = module
exec(compile(${JSON.stringify(fs.readFileSync(path, 'utf8'))}, '<harness>', 'exec'), module.__dict__)
del module
`);
}
const image = packImage(python.makeMemorySnapshot(), glue, imports);
for (let offset = 0; offset < image.length; ) offset += fs.writeSync(3, image, offset);
