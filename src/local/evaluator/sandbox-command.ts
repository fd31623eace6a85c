import type { Language } from '#contract/vocabulary.ts';
import { JAVASCRIPT, PYTHON, SANDBOX } from './engines.ts';
import { CHILD_FILES, ORPHAN_CPU_S } from './limits.ts';

/** File descriptor on which a container names the process in it. */
export const PID_FD = 5;

/**
 * How a child is started: program, arguments, and the folder it starts in. `tellsPid`: the program runs the child in a
 * container and writes its process id to `PID_FD`.
 */
export type SandboxCommand = { file: string; args: string[]; cwd: string; tellsPid?: true };

/** Node's own walls around the WebAssembly one: reading of named folders only, no eval, no network, no processes. */
const WALLS = [
  '--permission',
  '--disallow-code-generation-from-strings',
  '--no-addons',
  '--disable-sigusr1',
  '--no-warnings',
  '--max-old-space-size=128',
  '--single-threaded-gc',
  // V8 counts bytes run and would optimise an engine's interpreter loop, one huge function, almost at once: for QuickJS
  // some 50 ms of CPU in the background that a short submission never gets back. Long runs measured no slower.
  '--wasm-tiering-budget=2000000000',
];

/**
 * KiB of stack that the system is asked for, the most that macOS gives, and what V8 may use of it; the other pair is
 * for systems that refuse, where 8 MiB are usual. Freeing a chain of n Python objects recurses n times in C, some 300
 * bytes each: the large stack carries 220,000 (the harness refuses more than 150,000), the small one 12,000.
 */
const STACK_KIB = 65_520;
const V8_STACK = { large: 60_000, small: 3900 };

/**
 * Resource limits that only a shell can set before Node starts: CPU seconds (they outlive this process, so that an
 * orphan ends by itself), no files written, no core dumps, few open files, a stack for long chains where allowed.
 */
const SHELL_LIMITS = `
ulimit -t ${ORPHAN_CPU_S} && ulimit -f 0 && ulimit -c 0 && ulimit -n ${CHILD_FILES} || exit 1
if ulimit -s ${STACK_KIB} 2>/dev/null; then stack=${V8_STACK.large}; else stack=${V8_STACK.small}; fi
exec "$0" --stack-size=$stack "$@"`;

/**
 * Pyodide's 9 MiB of code: nothing is compiled or even validated before it is called, and the young generation is wide
 * enough that booting meets few collections. Together a quarter of the CPU of a boot.
 */
const PYTHON_FLAGS = [
  '--wasm-lazy-compilation',
  '--wasm-lazy-validation',
  '--min-semi-space-size=16',
  '--max-semi-space-size=16',
];
const JAVASCRIPT_FLAGS = ['--max-semi-space-size=2'];

function limited(args: string[]): SandboxCommand {
  if (process.platform === 'win32') return { file: process.execPath, args, cwd: SANDBOX };
  return { file: '/bin/sh', args: ['-c', SHELL_LIMITS, process.execPath, ...args], cwd: SANDBOX };
}

export function sandboxCommand(language: Language): SandboxCommand {
  if (language === 'python') {
    const readable = PYTHON.readable.map((folder) => `--allow-fs-read=${folder}`);
    return limited([...WALLS, ...readable, ...PYTHON_FLAGS, PYTHON.program, PYTHON.url]);
  }
  const readable = JAVASCRIPT.readable.map((folder) => `--allow-fs-read=${folder}`);
  const { program, url, variantUrl, harness } = JAVASCRIPT;
  return limited([...WALLS, ...readable, ...JAVASCRIPT_FLAGS, program, url, variantUrl, harness]);
}

/** The builder of the Python image. V8 takes its compiled code only under the flags and the stack of the children. */
export function builderCommand(): SandboxCommand {
  const flags = WALLS.filter((flag) => flag !== '--permission');
  return limited([...flags, ...PYTHON_FLAGS, PYTHON.imageBuilder, PYTHON.url, PYTHON.harness]);
}

/** What decides whether an image built under these flags fits: part of its name. */
export const IMAGE_FLAGS: readonly string[] = [...WALLS, ...PYTHON_FLAGS];
