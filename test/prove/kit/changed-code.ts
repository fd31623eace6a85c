import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Plugin } from 'esbuild';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** What `from` matches in a source file becomes `to`. The file is named from the root of the repository. */
export type CodeChange = { file: string; from: RegExp; to: string };

function changing(changes: readonly CodeChange[], made: Set<CodeChange>): Plugin {
  return {
    name: 'changes',
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, async ({ path: file }) => {
        const own = changes.filter((change) => path.join(ROOT, change.file) === file);
        if (own.length === 0) return undefined;
        let contents = await readFile(file, 'utf8');
        for (const change of own) {
          const changed = contents.replace(change.from, change.to);
          if (changed !== contents) made.add(change);
          contents = changed;
        }
        return { contents, loader: 'ts' };
      });
    },
  };
}

/**
 * The text of a module with all that it imports, after `changes`.
 * @param entry its file, from the root of the repository.
 * @throws Error when a change changes nothing: a planted bug that is not there is one that nobody can catch.
 */
export async function bundled(
  entry: string,
  changes: readonly CodeChange[],
  options: Pick<BuildOptions, 'external' | 'conditions' | 'platform'>,
): Promise<string> {
  const made = new Set<CodeChange>();
  const { outputFiles } = await build({
    ...options,
    entryPoints: [path.join(ROOT, entry)],
    bundle: true,
    format: 'esm',
    target: 'es2024',
    write: false,
    plugins: [changing(changes, made)],
  });
  const missing = changes.find((change) => !made.has(change));
  if (missing !== undefined) throw new Error(`${missing.file} no longer holds ${missing.from}`);
  return outputFiles[0]?.text ?? '';
}

/** A module with `changes`, loaded beside the real one; its classes are its own, so errors are known by their names. */
export async function changedModule<Module>(entry: string, changes: readonly CodeChange[]): Promise<Module> {
  const text = await bundled(entry, changes, { platform: 'node' });
  return import(`data:text/javascript;base64,${Buffer.from(text).toString('base64')}`) as Promise<Module>;
}
