import { readFileSync, realpathSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as z from 'zod';

/** Programs that run inside the children; a folder of their own, since a child may read all of it. */
export const SANDBOX = realpathSync(fileURLToPath(new URL('./sandbox', import.meta.url)));

const Manifest = z.object({ version: z.string() });

type EnginePackage = { folder: string; version: string };

/** Real folder (the permission model does not follow links) and version of an installed package. */
function locate(name: string, base: string): EnginePackage {
  const manifest = findPackageJSON(name, base);
  if (manifest === undefined) throw new Error(`evaluator: package ${name} is not installed`);
  const { version } = Manifest.parse(JSON.parse(readFileSync(manifest, 'utf8')));
  return { folder: realpathSync(dirname(manifest)), version };
}

function url(folder: string, file: string): string {
  return pathToFileURL(join(folder, file)).href;
}

const pyodide = locate('pyodide', import.meta.url);
const quickjs = locate('quickjs-emscripten-core', import.meta.url);
const variant = locate('@jitl/quickjs-wasmfile-release-sync', import.meta.url);
const ffiTypes = locate('@jitl/quickjs-ffi-types', pathToFileURL(join(quickjs.folder, 'package.json')).href);

const Lock = z.object({ info: z.object({ python: z.string() }) });
const lock = Lock.parse(JSON.parse(readFileSync(join(pyodide.folder, 'pyodide-lock.json'), 'utf8')));

export const PYTHON = {
  language: `Python ${lock.info.python}`,
  version: pyodide.version,
  url: url(pyodide.folder, 'pyodide.mjs'),
  harness: join(SANDBOX, 'python-harness.py'),
  program: join(SANDBOX, 'python-child.mjs'),
  snapshotBuilder: join(SANDBOX, 'build-snapshot.mjs'),
  /** Folders a child may read, apart from the snapshot, which it gets as an open file. */
  readable: [SANDBOX, pyodide.folder],
};

export const JAVASCRIPT = {
  version: quickjs.version,
  url: url(quickjs.folder, 'dist/index.mjs'),
  variantUrl: url(variant.folder, 'dist/index.mjs'),
  harness: join(SANDBOX, 'javascript-harness.js'),
  program: join(SANDBOX, 'javascript-child.mjs'),
  readable: [SANDBOX, quickjs.folder, variant.folder, ffiTypes.folder],
};
