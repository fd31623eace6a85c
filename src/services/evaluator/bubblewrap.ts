import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { PID_FD, type SandboxCommand } from './sandbox-command.ts';

/** The oldest bubblewrap with all the options below. */
const OLDEST = [0, 5] as const;
/** Where the C library's loader may lie: the kernel opens it by the path in Node's own file. */
const LOADERS = /^(ld-linux.*|ld-musl.*)\.so\.\d+$/;
const LOADER_FOLDERS = ['/lib64', '/lib'];
const READ_FLAG = '--allow-fs-read=';
/** Where the shell that sets the limits becomes Node. */
const START = 'exec "$0"';

/** Path of an executable in PATH; null when there is none. */
function which(name: string): string | null {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const file = join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // Not in this folder.
    }
  }
  return null;
}

/** Paths under which Node's shared libraries are looked for: those it has mapped itself, by all their names. */
function libraries(): string[] {
  const maps = readFileSync('/proc/self/maps', 'utf8');
  const mapped = new Set(maps.match(/\/\S+\.so(\.[\d.]+)?$/gm) ?? []);
  const names = [...mapped].flatMap((file) => {
    const stem = `${basename(file).split('.so')[0]}.so`;
    const aliases = readdirSync(dirname(file)).filter((name) => name.startsWith(stem));
    return aliases.map((name) => join(dirname(file), name)).filter((path) => realpathSync(path) === file);
  });
  const loaders = LOADER_FOLDERS.filter((folder) => existsSync(folder)).flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => LOADERS.test(name))
      .map((name) => join(folder, name)),
  );
  return [...new Set([...names, ...loaders])];
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Runs a child in a container of the operating system. */
export type Container = {
  /** @throws Error for a command that is not started by the shell with its limits. */
  contain(command: SandboxCommand): SandboxCommand;
};

function containerOf(bwrap: string): Container {
  const node = realpathSync(process.execPath);
  const readOnly = (path: string) => ['--ro-bind', path, path];
  const fixed = [
    ...['--unshare-user', '--unshare-ipc', '--unshare-pid', '--unshare-net', '--unshare-uts'],
    ...['--unshare-cgroup-try', '--die-with-parent', '--as-pid-1', '--hostname', 'sandbox', '--clearenv'],
    ...['--cap-drop', 'ALL', '--info-fd', String(PID_FD)],
    ...[node, ...libraries()].flatMap(readOnly),
    ...(node === process.execPath ? [] : ['--symlink', node, process.execPath]),
  ];
  return {
    contain({ file, args, cwd, ...how }) {
      const [flag, script, ...rest] = args;
      if (flag !== '-c' || !script?.includes(START)) throw new Error('bubblewrap: no shell to start from');
      const folders = args
        .filter((arg) => arg.startsWith(READ_FLAG))
        .map((arg) => arg.slice(READ_FLAG.length));
      const seen = [...new Set([cwd, ...folders])].flatMap(readOnly);
      const words = [bwrap, ...fixed, ...seen, '--chdir', cwd, '--remount-ro', '/', '--'];
      const start = `exec ${words.map(quoted).join(' ')} "$0"`;
      const contained = [flag, script.replace(START, () => start), ...rest];
      return { ...how, file, cwd, args: contained, tellsPid: true };
    },
  };
}

/**
 * bubblewrap, where it is installed: a child in it has no network, sees no other process, and of all files nothing
 * but Node, its libraries and the folders it may read, and dies with this process. Whether the system allows it must
 * be tried.
 */
export async function findBubblewrap(): Promise<Container | null> {
  if (process.platform !== 'linux') return null;
  const bwrap = which('bwrap');
  if (bwrap === null) return null;
  try {
    const { stdout } = await promisify(execFile)(bwrap, ['--version'], { env: {}, timeout: 5000 });
    const [, major, minor] = /(\d+)\.(\d+)/.exec(stdout) ?? [];
    const version = [Number(major), Number(minor)] as const;
    const recent = version[0] > OLDEST[0] || (version[0] === OLDEST[0] && version[1] >= OLDEST[1]);
    return recent ? containerOf(bwrap) : null;
  } catch {
    return null; // it does not even say its version; /health names the wall that is missing
  }
}
