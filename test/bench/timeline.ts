import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { type CDPSession, chromium, type Page } from 'playwright-core';
import { startServices } from '#cli/services.ts';
import { startWorker } from '#cli/worker-process.ts';
import { findBrowser } from '../support/browser-setup.ts';
import { freePort, median, say } from './kit.ts';
import { seedLearners } from './seed.ts';

const SIZES = [2000, 20_000];
const VISITS = 5;
const FRAMES = 240;
const STEP = 120;
const WAIT_MS = 120_000;
const WINDOW = { width: 1280, height: 800 };

/** What one scroll of `FRAMES` steps showed. */
type Scroll = { ms: number[]; nodes: number; blank: number };

type Probe = {
  noteFirstRow(): void;
  firstRowMs(): number | undefined;
  firstAnswerMs(): number | undefined;
  becomePlain(page: { elements: number; height: number }): void;
  goToEnd(): void;
  scroll(steps: { frames: number; step: number }): Promise<Scroll>;
};

// Loaded without its types: they are a browser's, which this program does not have.
const probe: Probe = await import(new URL('../browser/timeline-probe.ts', import.meta.url).href);

type FirstRow = { shown: number; answered: number };

/** Milliseconds from the beginning of the navigation to the API's answer and to the frame that shows the first row. */
async function firstRow(page: Page, address: string): Promise<FirstRow> {
  await page.goto(address);
  const handle = await page.waitForFunction(probe.firstRowMs);
  const shown = (await handle.jsonValue()) ?? Number.NaN;
  return { shown, answered: (await page.evaluate(probe.firstAnswerMs)) ?? Number.NaN };
}

/** Seconds that the page's main thread has worked so far. */
async function workOf(session: CDPSession) {
  const { metrics } = await session.send('Performance.getMetrics');
  const of = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? 0;
  return { script: of('ScriptDuration'), layout: of('LayoutDuration') + of('RecalcStyleDuration') };
}

/** Scrolls and prints how it went. @returns most elements that the document had. */
async function measureScroll(page: Page, what: string): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const before = await workOf(session);
  const { ms, nodes, blank }: Scroll = await page.evaluate(probe.scroll, { frames: FRAMES, step: STEP });
  const after = await workOf(session);
  await session.detach();
  const sorted = ms.toSorted((a, b) => a - b);
  const total = ms.reduce((sum, each) => sum + each, 0);
  const p95 = sorted[Math.floor(sorted.length * 0.95)] ?? 0;
  const perFrame = (part: 'script' | 'layout') => ((after[part] - before[part]) * 1000) / ms.length;
  say(
    `${what.padEnd(34)}${((ms.length * 1000) / total).toFixed(1).padStart(6)} fps  p95 ${p95.toFixed(1)} ms  ` +
      `max ${(sorted.at(-1) ?? 0).toFixed(1)} ms  script ${perFrame('script').toFixed(1)} + layout ` +
      `${perFrame('layout').toFixed(1)} ms a frame  ${nodes} elements  ${blank} blank frames  ` +
      `load ${loadavg()[0]?.toFixed(1)}`,
  );
  return nodes;
}

/** Goes to the end again and again, until the whole list is there. @returns milliseconds that it took. */
async function fetchAll(page: Page, tasks: number): Promise<number> {
  const at = performance.now();
  const done = page.locator('.count').getByText(`${tasks} tasks`, { exact: true });
  while (!(await done.isVisible())) {
    await page.evaluate(probe.goToEnd);
    await page.waitForTimeout(20);
    if (performance.now() - at > WAIT_MS) throw new Error('the list does not end');
  }
  return performance.now() - at;
}

/**
 * The review page in Chromium for learners with 2,000 and 20,000 tasks: first row, scrolling, size of the document, and
 * beside each the frames that a page without script reaches on this machine.
 */
export async function benchTimeline(): Promise<void> {
  const executablePath = findBrowser();
  if (executablePath === null) throw new Error('no Chrome or Chromium found (PATH, CHROME_PATH)');
  const home = await mkdtemp(path.join(tmpdir(), 'study-paths-bench-'));
  const services = await startServices({ home, durable: false });
  const worker = await startWorker({ port: await freePort(), home, vars: services.vars, crons: false });
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    const histories = SIZES.map((tasks) => ({ learner: `timeline-${tasks}`, tasks }));
    await seedLearners(services.postgresUrl ?? '', histories);
    for (const { learner, tasks } of histories) {
      const response = await fetch(`${services.running.issuer.url}/__local/token`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ sub: learner }),
      });
      const { token } = (await response.json()) as { token: string };
      const state = '0123456789abcdef0123456789abcdef';
      const address = `${worker.url}/review#token=${token}&state=${state}`;
      say(`\n${tasks} tasks, window of ${WINDOW.width} x ${WINDOW.height}`);
      const times: FirstRow[] = [];
      for (let visit = 0; visit <= VISITS; visit += 1) {
        const context = await browser.newContext({ viewport: WINDOW });
        context.setDefaultTimeout(WAIT_MS);
        await context.addInitScript(probe.noteFirstRow);
        await context.addInitScript((own) => sessionStorage.setItem('study-paths.sign-in-state', own), state);
        const page = await context.newPage();
        const time = await firstRow(page, address);
        // The first visit of all warms the Worker up.
        if (visit > 0) times.push(time);
        if (visit === VISITS) {
          const middle = (part: keyof FirstRow) => median(times.map((each) => each[part])).toFixed(0);
          say(
            `first row, cold cache: median ${middle('shown')} ms of ${VISITS} visits ` +
              `(${times.map(({ shown }) => shown.toFixed(0)).join(', ')}), ${middle('answered')} ms of it until ` +
              `the API has answered  load ${loadavg()[0]?.toFixed(1)}`,
          );
          await measureScroll(page, 'scroll, pages come on the way');
          say(
            `all pages fetched after ${((await fetchAll(page, tasks)) / 1000).toFixed(1)} s of going to the end`,
          );
          const elements = await measureScroll(page, `scroll, all ${tasks} there`);
          // The floor of this machine: what a page of as many elements comes to that has nothing to do.
          const plain = await context.newPage();
          await plain.evaluate(probe.becomePlain, { elements, height: FRAMES * STEP + WINDOW.height });
          await measureScroll(plain, 'scroll, a plain page beside it');
        }
        await context.close();
      }
    }
  } finally {
    await browser.close();
    await worker.close();
    await services.close();
    await rm(home, { recursive: true, force: true });
  }
}
