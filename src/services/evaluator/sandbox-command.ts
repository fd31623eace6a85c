import type { Language } from '#contract/vocabulary.ts';
import { JAVASCRIPT, PYTHON, SANDBOX } from './engines.ts';
import { CHILD_FILES, ORPHAN_CPU_S } from './limits.ts';

/** File descriptor on which a container names the process in it. */
export const PID_FD = 5;

/**
 * How a child is started: program, arguments, and the folder it starts in. `native`: the engine is the process's own V8, which
 * has no cap that counts all memory (the host measures and bounds it) and can be interrupted by SIGINT. `tellsPid`: the program
 * runs the child in a container and writes its process id to `PID_FD`.
 */
export type SandboxCommand = { file: string; args: string[]; cwd: string; native?: true; tellsPid?: true };

/** Node's own walls around the engine: reading of named folders only, no eval, no network, no processes. */
const WALLS = [
  '--permission',
  '--disallow-code-generation-from-strings',
  '--no-addons',
  '--disable-sigusr1',
  '--no-warnings',
  '--single-threaded-gc',
];

/**
 * KiB of stack that the system is asked for, the most that macOS gives, and what V8 may use of it; the other pair is
 * for systems that refuse, where 8 MiB are usual. Freeing a chain of n Python objects recurses n times in C, some 300
 * bytes each: the large stack carries 220,000 (the harness refuses more than 150,000), the small one 12,000.
 */
export const STACK_KIB = 65_520;
const V8_STACK = { large: 60_000, small: 3900 };
/** What a native submission may use of it: 50,000 calls of functions with some sixty variables each. */
const NATIVE_STACK = 32_000;

/**
 * Resource limits that only a shell can set before Node starts: CPU seconds (they outlive this process, so that an
 * orphan ends by itself), no files written, no core dumps, few open files, a stack for long chains where allowed.
 */
const shellLimits = (large: number) => `
ulimit -t ${ORPHAN_CPU_S} && ulimit -f 0 && ulimit -c 0 && ulimit -n ${CHILD_FILES} || exit 1
if ulimit -s ${STACK_KIB} 2>/dev/null; then stack=${large}; else stack=${V8_STACK.small}; fi
exec "$0" --stack-size=$stack "$@"`;

/**
 * Pyodide's 9 MiB of code: nothing is compiled or even validated before it is called, and the young generation is wide
 * enough that booting meets few collections. Together a quarter of the CPU of a boot. No optimisation that may be undone:
 * V8 undoes it frame by frame, and compiles the interpreter's loop again for each, seconds for a deep recursion.
 */
const PYTHON_FLAGS = [
  '--max-old-space-size=128',
  // V8 counts bytes run and would optimise the interpreter loop, one huge function, almost at once: CPU in the background
  // that a short submission never gets back. Long runs measured no slower.
  '--wasm-tiering-budget=2000000000',
  '--wasm-lazy-compilation',
  '--wasm-lazy-validation',
  '--no-wasm-deopt',
  '--min-semi-space-size=16',
  '--max-semi-space-size=16',
];
/**
 * The heap may hold the largest limit that a request may state; the host bounds what one may take. `--expose-internals`
 * opens Node's own modules to the child program, which sets V8's hooks with them; a submission has no `require`.
 */
const JAVASCRIPT_FLAGS = ['--max-old-space-size=640', '--max-semi-space-size=8', '--expose-internals'];

function limited(args: string[], stack = V8_STACK.large): SandboxCommand {
  if (process.platform === 'win32') return { file: process.execPath, args, cwd: SANDBOX };
  return { file: '/bin/sh', args: ['-c', shellLimits(stack), process.execPath, ...args], cwd: SANDBOX };
}

export function sandboxCommand(language: Language): SandboxCommand {
  if (language === 'python') {
    const readable = PYTHON.readable.map((folder) => `--allow-fs-read=${folder}`);
    return limited([...WALLS, ...readable, ...PYTHON_FLAGS, PYTHON.program, PYTHON.url]);
  }
  const readable = JAVASCRIPT.readable.map((folder) => `--allow-fs-read=${folder}`);
  const { program, harness } = JAVASCRIPT;
  const args = [...WALLS, ...readable, ...JAVASCRIPT_FLAGS, program, harness];
  return { ...limited(args, NATIVE_STACK), native: true };
}

/** The builder of the Python image. V8 takes its compiled code only under the flags and the stack of the children. */
export function builderCommand(): SandboxCommand {
  const flags = WALLS.filter((flag) => flag !== '--permission');
  const modules = Object.entries(PYTHON.modules).map(([name, file]) => `${name}=${file}`);
  return limited([...flags, ...PYTHON_FLAGS, PYTHON.imageBuilder, PYTHON.url, ...modules]);
}

/** What decides whether an image built under these flags fits: part of its name. */
export const IMAGE_FLAGS: readonly string[] = [...WALLS, ...PYTHON_FLAGS];
