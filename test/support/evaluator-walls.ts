import { chmod, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Language } from '#contract/vocabulary.ts';
import { SANDBOX } from '../../src/services/evaluator/engines.ts';
import { freshUid } from '../../src/services/evaluator/pool.ts';
import { availableClock } from '../../src/services/evaluator/process-stats.ts';
import { type SandboxCommand, sandboxCommand } from '../../src/services/evaluator/sandbox-command.ts';
import {
  type Allowance,
  startSandbox,
  type TimedReply,
} from '../../src/services/evaluator/sandbox-process.ts';
import type { Snapshot } from '../../src/services/evaluator/snapshot.ts';

/** Replaces text of one program of the sandbox; a text that is not there is an error, lest a wall stay unnoticed. */
export type Edit = readonly [file: string, from: string, to: string];

/** Walls to take away for one test. */
export type Removal = {
  /** Beginnings of arguments of Node. */
  flags?: readonly string[];
  edits?: readonly Edit[];
  /** In the shell's limits. */
  shell?: readonly [from: string, to: string];
  /** In the child's environment, which is empty otherwise. */
  env?: string;
  ownUid?: false;
};

/** How a child is started with walls taken away; `dispose` removes the changed copy of its programs. */
async function weakened(language: Language, { flags = [], edits = [], shell, env }: Removal) {
  const { file: program, args: arguments_, cwd: folderOfPrograms, ...rest } = sandboxCommand(language);
  let [file, args, cwd] = [program, arguments_, folderOfPrograms];
  let folder: string | null = null;
  for (const flag of flags) {
    if (!args.some((arg) => arg.startsWith(flag))) throw new Error(`no flag ${flag} to take away`);
    args = args.filter((arg) => !arg.startsWith(flag));
  }
  if (shell !== undefined) {
    const [from, to] = shell;
    if (!args[1]?.includes(from)) throw new Error(`no limit ${from} to take away`);
    args = args.map((arg, i) => (i === 1 ? arg.replace(from, to) : arg));
  }
  if (edits.length > 0) {
    folder = await mkdtemp(join(tmpdir(), 'weakened-'));
    await cp(SANDBOX, folder, { recursive: true });
    await chmod(folder, 0o755);
    for (const [name, from, to] of edits) {
      const path = join(folder, name);
      const text = await readFile(path, 'utf8');
      if (!text.includes(from)) throw new Error(`${name} holds no ${from}`);
      await writeFile(path, text.replaceAll(from, to));
    }
    const copy = folder;
    args = args.map((arg) => arg.replaceAll(SANDBOX, copy));
    cwd = copy;
  }
  if (env !== undefined) [file, args] = ['/usr/bin/env', [env, file, ...args]];
  const command: SandboxCommand = { ...rest, file, args, cwd };
  return {
    command,
    async dispose() {
      if (folder !== null) await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Loads a program and calls it once per entry of `calls`; `limits` change what each request is allowed. */
export type Attack = {
  language: Language;
  code: string;
  calls?: readonly (readonly unknown[])[];
  limits?: Partial<Omit<Allowance, 'wallEnd'>>;
  wallMs?: number;
  /** The engine's own cap, in MiB. */
  memoryMb?: number;
};

export type Outcome = { load: TimedReply; replies: TimedReply[] };

/** Runs an attack against a child that lacks the walls of `removal`. @throws Error when it does not boot. */
export async function attack(
  snapshot: Snapshot,
  { language, code, calls = [[]], limits, wallMs = 30_000, memoryMb = 256 }: Attack,
  removal: Removal = {},
): Promise<Outcome> {
  const { command, dispose } = await weakened(language, removal);
  const uid = process.geteuid?.() === 0 && removal.ownUid !== false ? freshUid() : null;
  const sandbox = startSandbox({
    command,
    clock: availableClock(),
    snapshot: language === 'python' ? snapshot : null,
    uid,
    background: false,
    light: false,
  });
  try {
    if (!(await sandbox.ready)) throw new Error('the child does not come up');
    const allowance = () => ({
      limitMs: 5000,
      memoryMb: 4096,
      wallEnd: performance.now() + wallMs,
      ...limits,
    });
    const load = await sandbox.ask(
      { t: 'load', n: 0, code, entry: 'attack', memory_mb: memoryMb },
      allowance(),
    );
    const replies: TimedReply[] = [];
    for (const [i, args] of calls.entries()) {
      const call = { t: 'call' as const, n: i + 1, args: JSON.stringify(args), spec: '{}' };
      replies.push(await sandbox.ask(call, allowance()));
    }
    return { load, replies };
  } finally {
    sandbox.kill();
    await sandbox.closed;
    await dispose();
  }
}

/** What the program answered to its last call, as JSON text of the harness; else how it ended. */
export function lastWord({ replies }: Outcome): string {
  const reply = replies.at(-1);
  if (reply === undefined) return 'nothing';
  if (reply.kind !== 'frame') return reply.kind === 'late' ? `late by ${reply.by}` : reply.kind;
  return reply.frame.k === 'R' ? reply.frame.result : reply.frame.k;
}
