import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import vm from 'node:vm';
import { CODE, LOOP, LOOPS, PAIRS } from './evaluator-kit.ts';

export type Plain = { judging: number; loop: number; start: number; resident: number };

/** The same code in CPython, timed by itself; null where there is none. */
export async function plainPython(): Promise<Plain | null> {
  const script = `import json, resource, sys, time
code, loop, pairs, n = json.load(sys.stdin)
def timed(run):
    began = time.process_time(); run(); return (time.process_time() - began) * 1000
def judge():
    names = {}; exec(compile(code, 'x', 'exec'), names)
    for nums, target in pairs: assert names['solve'](nums, target) == [10, 11]
names = {}; exec(loop, names)
judge()
print(json.dumps([timed(judge), timed(lambda: names['solve'](n)), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss]))`;
  try {
    // The command may be a version manager's script, which takes ten times as long to start as CPython itself.
    const { stdout } = await promisify(execFile)('python3', ['-c', 'import sys; print(sys.executable)']);
    const python = stdout.trim();
    const began = performance.now();
    await promisify(execFile)(python, ['-c', 'pass']);
    const start = performance.now() - began;
    const running = promisify(execFile)(python, ['-c', script]);
    running.child.stdin?.end(JSON.stringify([CODE.python, LOOP.python, PAIRS, LOOPS]));
    const [judging, loop, kib] = JSON.parse((await running).stdout) as [number, number, number];
    return { judging, loop, start, resident: kib / (process.platform === 'darwin' ? 1_048_576 : 1024) };
  } catch {
    return null;
  }
}

export async function plainV8(): Promise<Plain> {
  const cpu = (run: () => void) => {
    const before = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
  const judging = cpu(() => {
    const solve = vm.runInThisContext(`(${CODE.javascript})`) as (nums: number[], target: number) => unknown;
    for (const [nums, target] of PAIRS) solve(nums, target);
  });
  const loop = vm.runInThisContext(`(${LOOP.javascript})`) as (n: number) => number;
  const ms = cpu(() => loop(LOOPS));
  const began = performance.now();
  const { stdout } = await promisify(execFile)(process.execPath, ['-p', 'process.resourceUsage().maxRSS'], {
    env: {},
  });
  return { judging, loop: ms, start: performance.now() - began, resident: Number(stdout) / 1024 };
}
