import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { stack } from './api.ts';

/** The variables that this stack's Worker was started with. */
export async function stackVars(): Promise<Record<string, string>> {
  const file = path.join(path.dirname(stack.workerLog), 'worker.vars');
  return parseEnv(await readFile(file, 'utf8')) as Record<string, string>;
}

/** The same for a command that needs the owner's role: the Worker's may do much less. */
export async function ownerVars(): Promise<Record<string, string>> {
  const vars = await stackVars();
  const [address, owner] = [new URL(vars.DATABASE_URL ?? ''), new URL(stack.databaseUrl)];
  address.username = owner.username;
  address.password = owner.password;
  return { ...vars, DATABASE_URL: address.href };
}

/** Runs a program of `src/cli` as an operator would, away from this checkout's own settings. */
export function runCommand(program: string, args: readonly string[], vars: Record<string, string>) {
  const file = new URL(`../../src/cli/${program}`, import.meta.url).pathname;
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    execFile(
      process.execPath,
      [file, ...args],
      { cwd: tmpdir(), env: { ...process.env, ...vars } },
      (error, stdout, stderr) =>
        resolve({
          code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1,
          stdout,
          stderr,
        }),
    );
  });
}
