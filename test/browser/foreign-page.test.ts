import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject } from 'vitest';
import { inDatabase, stack } from '../support/api.ts';
import { browserTest } from './kit.ts';

/** Names that a stranger has given this machine's address. */
const FOREIGN = 'evil.test';
const REBOUND = 'rebound.test';

let site: Server;
let sitePort = 0;
let launched: Browser | undefined;

beforeAll(async () => {
  site = createServer((_req, res) => {
    res
      .writeHead(200, { 'content-type': 'text/html' })
      .end('<!doctype html><title>foreign</title><body></body>');
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  sitePort = (site.address() as AddressInfo).port;
});

afterAll(async () => {
  await launched?.close();
  site.close();
});

async function foreignPage(address: string, run: (page: Page) => Promise<void>): Promise<void> {
  launched ??= await chromium.launch({
    executablePath: inject('browserPath') ?? '',
    args: [
      ...['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
      `--host-resolver-rules=MAP ${FOREIGN} 127.0.0.1, MAP ${REBOUND} 127.0.0.1`,
    ],
  });
  const context = await launched.newContext();
  try {
    const page = await context.newPage();
    await page.goto(address);
    await run(page);
  } finally {
    await context.close();
  }
}

/** The attack's statement; it needs a password that the page does not have, and is tried with the right one. */
const TABLE = 'written_by_a_page';

type Try = { url: string; body?: string; headers?: Record<string, string> };

function targets(): Try[] {
  const { neon, issuer, bank, evaluator, tutor, worker } = stack;
  const sql = JSON.stringify({ query: `create table ${TABLE} (v int)` });
  const postgres = `http://127.0.0.1:${new URL(stack.databaseUrl).port}`;
  return [
    { url: `${neon}/sql`, body: sql, headers: { 'neon-connection-string': stack.vars.DATABASE_URL ?? '' } },
    { url: `${neon}/sql`, body: sql, headers: { 'neon-connection-string': stack.adminUrl } },
    { url: `${neon}/__local/latency`, body: '{"ms":60000}' },
    { url: `${issuer}/__local/token`, body: '{"sub":"victim"}' },
    { url: `${issuer}/__local/rotate?drop=true`, body: '' },
    { url: `${issuer}/.well-known/jwks.json` },
    { url: `${issuer}/sign-in`, body: `learner=victim&return_to=${encodeURIComponent(worker)}` },
    { url: `${bank}/v1/problems` },
    { url: `${bank}/__local/solutions/longest-plateau` },
    { url: `${evaluator}/v1/evaluations`, body: '{}' },
    { url: `${tutor}/__local/scripts`, body: '[]' },
    ...stack.services.flatMap((service) => [
      { url: `${service}/__local/requests` },
      { url: `${service}/__local/faults`, body: '[{"kind":"reset"}]' },
      { url: `${service}/%5F_local/faults`, body: '[{"kind":"reset"}]' },
      { url: `${service}/touched-by-a-page`, body: 'x' },
    ]),
    { url: `${worker}/healthz` },
    { url: `${worker}/readyz` },
    { url: `${worker}/v1/study-paths`, body: '{}', headers: { authorization: 'Bearer x' } },
    { url: `${worker}/cdn-cgi/handler/scheduled?cron=*+*+*+*+*` },
    { url: `${worker}/cdn-cgi/local/explorer/api/workers/durable_objects/namespaces` },
    { url: postgres, body: 'x' },
  ];
}

/** Everything that a page can do with an address, in its own words; answers what it could read. */
async function attack(page: Page, tries: Try[]): Promise<string[]> {
  return page.evaluate(async (all) => {
    const read: string[] = [];
    const short = () => AbortSignal.timeout(5000);
    const note = (how: string, url: string, text: string) =>
      read.push(`${how} ${url}: ${text.slice(0, 150)}`);
    const silent = () => undefined;

    async function fetches({ url, body, headers = {} }: (typeof all)[number]) {
      const plain = { signal: short(), credentials: 'include' as const };
      for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS']) {
        const content = method === 'GET' || method === 'OPTIONS' ? null : (body ?? null);
        for (const extra of [{}, { 'content-type': 'application/json', ...headers }]) {
          const init = { ...plain, method, body: content, headers: extra };
          await fetch(url, init).then(async (answer) => note(method, url, await answer.text()), silent);
        }
      }
      await fetch(url, { ...plain, mode: 'no-cors' }).catch(silent);
      await fetch(url, { ...plain, mode: 'no-cors', method: 'POST', body: body ?? 'x' }).catch(silent);
      navigator.sendBeacon(url, body ?? 'x');
    }

    function element(tag: 'img' | 'script' | 'iframe', url: string) {
      return new Promise<void>((resolve) => {
        const made = document.createElement(tag);
        const done = () => {
          try {
            const inside = made instanceof HTMLIFrameElement ? made.contentDocument?.body.textContent : null;
            if (inside) note('iframe', url, inside);
          } catch {
            // Another origin: nothing of it can be read.
          }
          made.remove();
          resolve();
        };
        made.onload = done;
        made.onerror = done;
        setTimeout(done, 3000);
        made.src = url;
        document.body.append(made);
      });
    }

    function form(url: string, body: string, enctype: string) {
      const frame = document.createElement('iframe');
      frame.name = `frame-${Math.random()}`;
      const made = document.createElement('form');
      Object.assign(made, { method: 'post', action: url, enctype, target: frame.name });
      // With text/plain the body is `name=value`: JSON goes through when its end is the value.
      const fields = enctype === 'text/plain' ? [[body, '']] : [...new URLSearchParams(body)];
      for (const [name = '', value = ''] of fields) {
        const field = document.createElement('input');
        Object.assign(field, { type: 'hidden', name, value });
        made.append(field);
      }
      document.body.append(frame, made);
      made.submit();
    }

    function listen(url: string) {
      return new Promise<void>((resolve) => {
        const source = new EventSource(url);
        const socket = new WebSocket(url.replace(/^http/, 'ws'));
        source.onopen = () => note('EventSource', url, 'open');
        source.onmessage = ({ data }) => note('EventSource', url, String(data));
        socket.onopen = () => note('WebSocket', url, 'open');
        setTimeout(() => {
          source.close();
          socket.close();
          resolve();
        }, 300);
      });
    }

    async function tryAll(one: (typeof all)[number]) {
      await fetches(one);
      await Promise.all([element('img', one.url), element('script', one.url), element('iframe', one.url)]);
      form(one.url, one.body ?? 'x=1', 'text/plain');
      form(one.url, one.body ?? 'x=1', 'application/x-www-form-urlencoded');
      await listen(one.url);
    }
    await Promise.all(all.map(tryAll));
    await new Promise((resolve) => setTimeout(resolve, 500));
    return read;
  }, tries);
}

async function local(url: string): Promise<unknown> {
  return (await fetch(url)).json();
}

/** What a page must not change: keys, faults, latency, what the services saw, which crons ran, tables. */
async function state() {
  const { neon, issuer, services } = stack;
  const seen = await Promise.all(services.map((service) => local(`${service}/__local/requests`)));
  const crons = readFileSync(stack.workerLog, 'utf8').match(/"event":"job-done"/g)?.length ?? 0;
  const rows = await inDatabase(`select to_regclass('${TABLE}')::text as name`);
  return {
    keys: await local(`${issuer}/.well-known/jwks.json`),
    faults: await Promise.all(services.map((service) => local(`${service}/__local/faults`))),
    latency: await local(`${neon}/__local/latency`),
    touched: JSON.stringify(seen).includes('touched-by-a-page'),
    minted: JSON.stringify(seen).includes('victim'),
    crons,
    rows,
  };
}

browserTest.each(['127.0.0.1', 'localhost', FOREIGN])(
  'a page of http://%s reads nothing and changes nothing',
  async (host) => {
    const before = await state();
    await foreignPage(`http://${host}:${sitePort}/`, async (page) => {
      expect(await attack(page, targets())).toEqual([]);
    });
    expect(await state()).toEqual(before);
    expect(before).toMatchObject({ touched: false, minted: false, rows: [{ name: null }] });
  },
);

browserTest(
  'a name that was given this machine\u2019s address reads nothing and changes nothing',
  async () => {
    const before = await state();
    for (const service of [...stack.services, stack.worker]) {
      const { port } = new URL(service);
      const own = `http://${REBOUND}:${port}`;
      // The refusal itself is a page of that origin, and can ask for everything there without any rule of browsers.
      await foreignPage(`${own}/readyz`, async (page) => {
        const tries = targets()
          .filter(({ url }) => url.startsWith(service))
          .map((one) => ({ ...one, url: one.url.replace(service, own) }));
        const read = (await attack(page, tries)).filter(
          (line) =>
            !/answers (?:only to the names|programs) of this|does not answer by this name|Invalid Host/.test(
              line,
            ),
        );
        expect(read).toEqual([]);
      });
    }
    expect(await state()).toEqual(before);
  },
);
