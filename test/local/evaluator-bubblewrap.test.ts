import { spawn } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Container, findBubblewrap } from '../../src/services/evaluator/bubblewrap.ts';
import { startEvaluator } from '../../src/services/evaluator/index.ts';
import { freshUid } from '../../src/services/evaluator/pool.ts';
import { PID_FD, type SandboxCommand } from '../../src/services/evaluator/sandbox-command.ts';
import { openSnapshot } from '../../src/services/evaluator/snapshot.ts';
import { findMeans } from '../../src/services/evaluator/walls.ts';

const found = await findBubblewrap();
const isRoot = process.geteuid?.() === 0;

/** A program that no other wall holds: plain Node, with all it can do. */
const ATTACK = `
import fs from 'node:fs';
import cp from 'node:child_process';
import net from 'node:net';
import os from 'node:os';
const [port, service] = process.argv.slice(2).map(Number);
const tried = {};
const attempt = (name, what) => {
  try { tried[name] = what() === false ? 'closed' : 'open'; } catch { tried[name] = 'closed'; }
};
attempt('file', () => fs.readFileSync('/etc/passwd', 'utf8').includes('root:'));
attempt('shell', () => cp.execFileSync('/bin/sh', ['-c', 'echo ran'], { encoding: 'utf8' }) === 'ran\\n');
attempt('processes', () => fs.readdirSync('/proc').filter((name) => /^\\d+$/.test(name)).length > 1);
attempt('signals', () => process.kill(service, 0));
attempt('write', () => (fs.writeFileSync('./written', ''), true));
attempt('disk', () => (fs.writeFileSync('/written-by-a-child', ''), fs.rmSync('/written-by-a-child'), true));
attempt('name', () => os.hostname() === ${JSON.stringify(hostname())});
attempt('rights', () => (process.setuid(0), fs.readFileSync('/etc/shadow'), true));
const done = (how) => {
  tried.network = how;
  fs.writeSync(1, JSON.stringify(tried));
  process.exit(0);
};
net.connect(port, '127.0.0.1').on('connect', () => done('open')).on('error', () => done('closed'));
`;
const NAMES = ['file', 'shell', 'processes', 'signals', 'write', 'disk', 'name', 'rights', 'network'];
const all = (how: string) => Object.fromEntries(NAMES.map((name) => [name, how]));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'contained-'));
  await chmod(folder, 0o777);
  await writeFile(join(folder, 'attack.mjs'), ATTACK);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function attacked(container: Container | null, uid: number | null): Promise<Record<string, string>> {
  const listener = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const address = listener.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const script = [join(folder, 'attack.mjs'), String(port), String(process.pid)];
  const args = ['-c', 'exec "$0" "$@"', process.execPath, ...script];
  const plain: SandboxCommand = { file: '/bin/sh', args, cwd: folder };
  const command = container === null ? plain : container.contain(plain);
  const stdio = ['ignore', 'pipe', 'inherit', 'ignore', 'ignore', 'pipe'] as const;
  expect(stdio[PID_FD]).toBe('pipe');
  const child = spawn(command.file, command.args, {
    ...{ cwd: folder, env: {}, detached: true, stdio: [...stdio] },
    ...(uid === null ? {} : { uid, gid: uid }),
  });
  let said = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  await new Promise((resolve) => child.once('close', resolve));
  await new Promise((resolve) => listener.close(resolve));
  return JSON.parse(said) as Record<string, string>;
}

describe.skipIf(found === null)('bubblewrap alone (skipped where it is not installed)', () => {
  test('holds a program that no other wall holds; without it everything is open', async () => {
    expect(await attacked(found, null)).toEqual(all('closed'));
    const open = await attacked(null, null);
    // Two of them take the rights of root, wall or not.
    expect(open).toEqual(isRoot ? all('open') : { ...all('open'), disk: 'closed', rights: 'closed' });
  });
  test.runIf(isRoot)('holds it under a user id of its own, too', async () => {
    expect(await attacked(found, freshUid())).toEqual(all('closed'));
  });
  test('is used where the system allows it, and the service says so', async () => {
    const snapshot = await openSnapshot();
    const [used, unused] = [
      await findMeans(snapshot, { bubblewrap: true, light: true }),
      await findMeans(snapshot, { bubblewrap: false, light: false }),
    ];
    await snapshot.close();
    expect([used.container !== null, unused.container]).toEqual([true, null]);
    expect([used.ownUid, unused.ownUid]).toEqual([isRoot, isRoot]);
    expect(unused.weighing).toBe('nothing');
  });
  test.runIf(process.platform === 'linux')(
    'a bubblewrap that refuses, or is none, is done without',
    async () => {
      const path = process.env.PATH;
      try {
        for (const script of ['echo bubblewrap 0.11.0; exit 1', 'echo bubblewrap 0.4.1', 'exit 1']) {
          const bin = await mkdtemp(join(tmpdir(), 'bin-'));
          await chmod(bin, 0o755);
          await writeFile(join(bin, 'bwrap'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
          process.env.PATH = bin;
          const service = await startEvaluator({ apiKey: 'k', spares: { python: 0, javascript: 1 } });
          const { ok, lacks } = (await (await fetch(`${service.url}/health`)).json()) as {
            ok: boolean;
            lacks: string[];
          };
          await service.close();
          await rm(bin, { recursive: true });
          expect([ok, lacks.some((lack) => lack.includes('bubblewrap'))]).toEqual([true, true]);
        }
      } finally {
        process.env.PATH = path;
      }
    },
  );
});
