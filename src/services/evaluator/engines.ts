import { readFileSync, realpathSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as z from 'zod';

const Manifest = z.object({ version: z.string() });
const Lock = z.object({ info: z.object({ python: z.string() }) });

/** A program of the sandbox folder, by its real path: the permission model does not follow links. */
function program(url: URL): string {
  return realpathSync(fileURLToPath(url));
}

/** Entry module, real folder and version of an installed package. */
function locate(name: string, entry: string): { url: string; folder: string; version: string } {
  const manifest = findPackageJSON(name, import.meta.url);
  if (manifest === undefined) throw new Error(`evaluator: the package ${name} is not installed`);
  const { version } = Manifest.parse(JSON.parse(readFileSync(manifest, 'utf8')));
  const folder = realpathSync(dirname(manifest));
  return { url: pathToFileURL(join(folder, entry)).href, folder, version };
}

// Named by file: `import.meta.resolve` does not exist where a test runner loads this module.
const pyodide = locate('pyodide', 'pyodide.mjs');
const lock = Lock.parse(JSON.parse(readFileSync(join(pyodide.folder, 'pyodide-lock.json'), 'utf8')));

/** What both child programs share. They lie in a folder of their own, since a child may read all of it. */
const CHILD_IO = program(new URL('./sandbox/child-io.mjs', import.meta.url));
export const SANDBOX = dirname(CHILD_IO);

export const PYTHON = {
  language: `Python ${lock.info.python}`,
  version: pyodide.version,
  url: pyodide.url,
  /** Modules that every Python starts with, by name, in the order in which they are imported. */
  modules: {
    _errors: program(new URL('./sandbox/python-errors.py', import.meta.url)),
    _names: program(new URL('./sandbox/python-names.py', import.meta.url)),
    _nodes: program(new URL('./sandbox/python-nodes.py', import.meta.url)),
    _answers: program(new URL('./sandbox/python-answers.py', import.meta.url)),
    _loop: program(new URL('./sandbox/python-loop.py', import.meta.url)),
    _harness: program(new URL('./sandbox/python-harness.py', import.meta.url)),
  },
  program: program(new URL('./sandbox/python-child.mjs', import.meta.url)),
  imageBuilder: program(new URL('./sandbox/build-image.mjs', import.meta.url)),
  image: program(new URL('./sandbox/python-image.mjs', import.meta.url)),
  /** Folders a child may read, apart from the image, which it gets as an open file. */
  readable: [SANDBOX, pyodide.folder],
};

/** Node's own V8: the children run on the Node that runs this service. */
export const JAVASCRIPT = {
  version: process.versions.v8,
  /** The folder of the programs that run beside the submission, in its context. */
  harness: join(SANDBOX, 'javascript'),
  program: program(new URL('./sandbox/javascript-child.mjs', import.meta.url)),
  readable: [SANDBOX],
};
