import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { freePort } from './kit.ts';

const HINTS = fileURLToPath(new URL('../../src/worker/hints', import.meta.url));
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const WORKERD = path.join(ROOT, 'node_modules', 'workerd', 'bin', 'workerd');

/**
 * The ways of a stream through a Worker. `return`: the answer of `fetch()`. `body`: its body in an answer of our own.
 * `pipe`: through the pipe that tells of clients who leave. `record`: the product's, split, piped and recorded.
 */
export const WAYS = ['return', 'body', 'pipe', 'record'] as const;
export type Way = (typeof WAYS)[number];

const ENTRY = `
import { passOn } from ${JSON.stringify(`${HINTS}/pass-on.ts`)};
import { record } from ${JSON.stringify(`${HINTS}/recorder.ts`)};
export default {
  async fetch(request, { TUTOR, BODY }, ctx) {
    const way = new URL(request.url).pathname.slice(1);
    if (way === 'up') return new Response();
    const ask = (signal) => fetch(TUTOR, { method: 'POST', body: BODY, signal });
    if (way === 'return') return ask();
    const left = new AbortController();
    request.signal.addEventListener('abort', () => left.abort());
    const upstream = await ask(left.signal);
    if (way === 'body') return new Response(upstream.body, upstream);
    let forClient = upstream.body;
    if (way === 'record') {
      const [one, two] = upstream.body.tee();
      forClient = one;
      ctx.waitUntil(record(two, () => {}));
    }
    const { readable, done } = passOn(forClient);
    ctx.waitUntil(done);
    return new Response(readable, upstream);
  },
};`;

const config = (port: number, tutor: string, body: string) => `
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "relay", worker = .relay),
    (name = "internet", network = (allow = ["private"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "relay")],
);
const relay :Workerd.Worker = (
  modules = [(name = "relay.js", esModule = embed "relay.js")],
  compatibilityDate = "2026-11-17",
  bindings = [
    (name = "TUTOR", text = ${JSON.stringify(`${tutor}/v1/hints`)}),
    (name = "BODY", text = ${JSON.stringify(body)}),
  ],
);`;

/** A workerd whose Worker is nothing but the product's relay: no proxy, no database, no token. */
export async function startRelay(tutor: string, body: string) {
  const folder = await mkdtemp(path.join(tmpdir(), 'study-paths-relay-'));
  const port = await freePort();
  await build({
    stdin: { contents: ENTRY, resolveDir: import.meta.dirname },
    bundle: true,
    format: 'esm',
    outfile: path.join(folder, 'relay.js'),
  });
  await writeFile(path.join(folder, 'relay.capnp'), config(port, tutor, body));
  const child = spawn(WORKERD, ['serve', path.join(folder, 'relay.capnp')], { stdio: 'inherit' });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const url = `http://127.0.0.1:${port}`;
  while (!(await fetch(`${url}/up`).catch(() => null))?.ok) {
    if (child.exitCode !== null) throw new Error('workerd did not start');
    await sleep(50);
  }
  return {
    url,
    async close() {
      child.kill('SIGTERM');
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
