import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { Hono } from 'hono';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CONTROL_HEADER } from '#services/common/control-key.ts';
import { type RunningService, type ServiceApp, startService } from '#services/common/service.ts';
import { startIssuer } from '#services/issuer/index.ts';

let service: RunningService;
let issuer: RunningService;
let folder: string;
let handled = 0;

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'study-paths-guard-'));
  const routes: ServiceApp = new Hono();
  routes.all('*', (c) => {
    handled += 1;
    return c.json({ secret: true });
  });
  service = await startService('guarded', routes, { controlKey: 'the-key-of-this-checkout' });
  issuer = await startIssuer({ keyFile: path.join(folder, 'keys.json'), controlKey: 'another-key' });
});

afterAll(async () => {
  await service.close();
  await issuer.close();
  rmSync(folder, { recursive: true });
});

type Ask = { target?: string; method?: string; headers?: Record<string, string | string[]>; body?: string };

/** Asks with exactly these headers; `fetch` would not let a caller choose Host or Origin. */
function ask(to: RunningService, { target = '/', method = 'GET', headers = {}, body = '' }: Ask) {
  return new Promise<{ status: number; text: string; allowed: string | undefined }>((resolve, reject) => {
    const sent = request(
      { host: '127.0.0.1', port: to.port, path: target, method, headers, agent: false },
      (res) => {
        let text = '';
        res.on('data', (chunk: Buffer) => {
          text += chunk.toString();
        });
        res.on('end', () =>
          resolve({ status: res.statusCode ?? 0, text, allowed: res.headers['access-control-allow-origin'] }),
        );
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Sends bytes as they are and reads what comes back. */
function raw(to: RunningService, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(to.port, '127.0.0.1', () => socket.end(bytes));
    socket.on('data', (chunk) => {
      text += chunk.toString();
    });
    socket.on('close', () => resolve(text));
    socket.on('error', () => resolve(text));
  });
}

test.each(['127.0.0.1', 'localhost', 'LOCALHOST', '[::1]'])(
  'programs may call this machine %s',
  async (host) => {
    expect((await ask(service, { headers: { host } })).status).toBe(200);
    expect((await ask(service, { headers: { host: `${host}:${service.port}` } })).status).toBe(200);
  },
);

test.each([
  'evil.example',
  'evil.example:8788',
  '127.0.0.1.evil.example',
  'localhost.evil.example',
  'localhost.',
  'xlocalhost',
  '127.0.0.1@evil.example',
  '127.0.0.1, evil.example',
  '127.1',
  '0.0.0.0',
  '10.0.0.1',
])('the Host %j is refused', async (host) => {
  const before = handled;
  const { status, text } = await ask(service, { headers: { host } });
  expect(status).toBe(403);
  expect(text).toContain('127.0.0.1, localhost or [::1]');
  expect(handled).toBe(before);
});

test('two hosts, none, and an address of another server in the request line are refused', async () => {
  const before = handled;
  for (const bytes of [
    'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\n\r\n',
    'GET / HTTP/1.0\r\n\r\n',
    'GET / HTTP/1.1\r\nHost:\r\n\r\n',
    'GET http://evil.example/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n',
    'CONNECT 127.0.0.1:80 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n',
  ])
    expect(await raw(service, bytes)).not.toContain('secret');
  expect(handled).toBe(before);
});

const FOREIGN: [what: string, headers: Record<string, string | string[]>][] = [
  ['of another site', { origin: 'https://evil.example' }],
  ['of another port', { origin: 'http://127.0.0.1:1' }],
  ['in a sandbox or a file', { origin: 'null' }],
  ['without a name', { origin: '' }],
  ['with two origins', { origin: ['http://127.0.0.1', 'https://evil.example'] }],
  [
    'that loads an image',
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' },
  ],
  ['of another port that loads a script', { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors' }],
  [
    'that leads its window here',
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
  ],
  [
    'that opens a socket',
    {
      origin: 'https://evil.example',
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    },
  ],
];

test.each(FOREIGN)('a page %s is refused, with every method', async (_what, headers) => {
  const before = handled;
  for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD']) {
    const { status, allowed } = await ask(service, { method, headers });
    expect(status).toBe(403);
    expect(allowed).toBeUndefined();
  }
  expect(handled).toBe(before);
});

test('its own pages and the address bar may ask', async () => {
  const host = `127.0.0.1:${service.port}`;
  const own = { host, origin: `http://${host}`, 'sec-fetch-site': 'same-origin' };
  expect((await ask(service, { method: 'POST', headers: own })).status).toBe(200);
  const typed = { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
  expect((await ask(service, { headers: typed })).status).toBe(200);
});

test('other pages may lead a browser to the page for signing in, and to nothing else', async () => {
  const target = '/sign-in?return_to=http%3A%2F%2F127.0.0.1%3A8787%2F';
  const leads = {
    'sec-fetch-site': 'cross-site',
    'sec-fetch-mode': 'navigate',
    'sec-fetch-dest': 'document',
  };
  expect((await ask(issuer, { target, headers: leads })).status).toBe(200);
  for (const refused of [
    { target, headers: { ...leads, 'sec-fetch-dest': 'iframe' } },
    { target, headers: { ...leads, 'sec-fetch-mode': 'no-cors' } },
    { target, method: 'POST', headers: leads, body: 'learner=victim' },
    { target, headers: { ...leads, origin: 'https://evil.example' } },
    { target: '/.well-known/jwks.json', headers: leads },
    { target: '/sign-in/', headers: leads },
    { target: '/__local/requests', headers: leads },
  ])
    expect((await ask(issuer, refused)).status).toBe(403);
});

test('switches, journals and tokens are for holders of the key', async () => {
  const secret = [
    { target: '/__local/requests' },
    { target: '/__local/faults' },
    { target: '/%5F_local/requests' },
    { target: '/__local/requests', method: 'DELETE' },
    { target: '/__local/faults', method: 'PUT', body: '[{"kind":"hang"}]' },
  ];
  for (const one of secret) {
    expect((await ask(service, one)).status).toBe(403);
    expect((await ask(service, { ...one, headers: { [CONTROL_HEADER]: 'another-key' } })).status).toBe(403);
  }
  const body = '{"sub":"victim"}';
  const mint = { target: '/__local/token', method: 'POST', body };
  const refused = await ask(issuer, mint);
  expect(refused.status).toBe(403);
  expect(refused.text).toContain(CONTROL_HEADER);
  expect((await ask(issuer, { ...mint, target: '/__local/rotate' })).status).toBe(403);
  expect((await ask(issuer, { ...mint, headers: { [CONTROL_HEADER]: 'another-key' } })).status).toBe(200);
  expect(
    (
      await ask(service, {
        target: '/__local/faults',
        headers: { [CONTROL_HEADER]: 'the-key-of-this-checkout' },
      })
    ).text,
  ).toBe('{"data":[]}');
});
