import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { availableClock } from '../../src/services/evaluator/process-stats.ts';
import { type Sandbox, startSandbox } from '../../src/services/evaluator/sandbox-process.ts';

/** What a scripted child does for one request, in order. */
export type Step =
  | { send: unknown }
  /** Bytes as they are, in place of a frame. */
  | { raw: string }
  | { do: 'spin' | 'sleep' | 'exit' };

/** Sends one result as the harness in a child does. */
export function result(n: number, value: unknown, rest: object = {}): Step {
  const text = typeof value === 'string' ? value : JSON.stringify({ k: 'OK', v: value });
  return { send: { k: 'R', n, result: text, stdout: '', truncated: false, heap: 0, ...rest } };
}

const PROGRAM = `
import fs from 'node:fs';
const steps = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
const bytes = (count) => {
  const buffer = Buffer.alloc(count);
  for (let there = 0; there < count; ) {
    const got = fs.readSync(0, buffer, there, count - there);
    if (got === 0) process.exit(0);
    there += got;
  }
  return buffer;
};
const write = (buffer) => { for (let at = 0; at < buffer.length; ) at += fs.writeSync(3, buffer, at); };
const send = (text) => {
  const body = Buffer.from(text);
  const head = Buffer.alloc(4);
  head.writeUInt32BE(body.length);
  write(Buffer.concat([head, body]));
};
send('{"k":"READY"}');
for (const request of steps) {
  bytes(bytes(4).readUInt32BE(0));
  for (const step of request) {
    if ('send' in step) send(JSON.stringify(step.send));
    else if ('raw' in step) send(step.raw);
    else if (step.do === 'exit') process.exit(0);
    else if (step.do === 'sleep') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000);
    else for (;;);
  }
}
bytes(4);
`;

/** Runs `use` with a child that answers its requests by a script: what a lost child may say, word for word. */
export async function withScript<T>(
  steps: readonly (readonly Step[])[],
  use: (sandbox: Sandbox) => Promise<T>,
): Promise<T> {
  const cwd = await mkdtemp(join(tmpdir(), 'scripted-'));
  await writeFile(join(cwd, 'child.mjs'), PROGRAM);
  await writeFile(join(cwd, 'steps.json'), JSON.stringify(steps));
  const args = [join(cwd, 'child.mjs'), join(cwd, 'steps.json')];
  const command = { file: process.execPath, args, cwd };
  const rest = { snapshot: null, uid: null, background: false, light: false };
  const options = { command, clock: availableClock(), ...rest };
  const sandbox = startSandbox(options);
  try {
    if (!(await sandbox.ready)) throw new Error('the scripted child does not come up');
    return await use(sandbox);
  } finally {
    sandbox.kill();
    await sandbox.closed;
    await rm(cwd, { recursive: true });
  }
}
