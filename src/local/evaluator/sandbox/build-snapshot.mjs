/** `node build-snapshot.mjs <file URL of pyodide.mjs> <python-harness.py> <file to write>`: trusted code only. */
import fs from 'node:fs';

const [pyodideUrl, harnessPath, target] = process.argv.slice(2);
const { loadPyodide } = await import(pyodideUrl);
const python = await loadPyodide({ jsglobals: Object.create(null), _makeSnapshot: true });
python.runPython(`
import sys, types
source = ${JSON.stringify(fs.readFileSync(harnessPath, 'utf8'))}
module = types.ModuleType('_harness')
exec(compile(source, '<harness>', 'exec'), module.__dict__)
sys.modules['_harness'] = module
del source, module
`);
fs.writeFileSync(target, python.makeMemorySnapshot());
