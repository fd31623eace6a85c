import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { startNeighbours } from '#local/neighbours.ts';
import { startWorker } from '#local/worker-process.ts';
import { findBrowser } from '../support/browser-setup.ts';
import { freePort, median, say } from './kit.ts';
import { seedLearners } from './seed.ts';

const SIZES = [2000, 20_000];
const VISITS = 5;
const FRAMES = 240;
const STEP = 120;
const WAIT_MS = 120_000;

/** What one scroll of `FRAMES` steps showed. */
type Scroll = { ms: number[]; nodes: number; blank: number };

type Probe = {
  noteFirstRow(): void;
  firstRowMs(): number | undefined;
  goToEnd(): void;
  scroll(steps: { frames: number; step: number }): Promise<Scroll>;
};

// Loaded without its types: they are a browser's, which this program does not have.
const probe: Probe = await import(new URL('../browser/timeline-probe.ts', import.meta.url).href);

/** Milliseconds from the beginning of the navigation to the frame that shows the first row. */
async function firstRow(page: Page, address: string): Promise<number> {
  await page.goto(address);
  const handle = await page.waitForFunction(probe.firstRowMs);
  return (await handle.jsonValue()) ?? Number.NaN;
}

const scroll = (page: Page) => page.evaluate(probe.scroll, { frames: FRAMES, step: STEP });

function tell(what: string, { ms, nodes, blank }: Scroll): void {
  const sorted = ms.toSorted((a, b) => a - b);
  const total = ms.reduce((sum, each) => sum + each, 0);
  const p95 = sorted[Math.floor(sorted.length * 0.95)] ?? 0;
  say(
    `${what.padEnd(34)}${((ms.length * 1000) / total).toFixed(1).padStart(6)} fps  p95 ${p95.toFixed(1)} ms  ` +
      `max ${(sorted.at(-1) ?? 0).toFixed(1)} ms  ${nodes} elements  ${blank} blank frames  load ${loadavg()[0]?.toFixed(1)}`,
  );
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

/** The review page in Chromium for learners with 2,000 and 20,000 tasks: first row, scrolling, size of the document. */
export async function benchTimeline(): Promise<void> {
  const executablePath = findBrowser();
  if (executablePath === null) throw new Error('no Chrome or Chromium found (PATH, CHROME_PATH)');
  const home = await mkdtemp(path.join(tmpdir(), 'study-paths-bench-'));
  const neighbours = await startNeighbours({ home, durable: false });
  const worker = await startWorker({ port: await freePort(), home, vars: neighbours.vars, crons: false });
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    const histories = SIZES.map((tasks) => ({ learner: `timeline-${tasks}`, tasks }));
    await seedLearners(neighbours.postgresUrl ?? '', histories);
    for (const { learner, tasks } of histories) {
      const response = await fetch(`${neighbours.services.issuer.url}/__local/token`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ sub: learner }),
      });
      const { token } = (await response.json()) as { token: string };
      const address = `${worker.url}/review#token=${token}`;
      say(`\n${tasks} tasks, window of 1280 x 800`);
      const times: number[] = [];
      for (let visit = 0; visit <= VISITS; visit += 1) {
        const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
        context.setDefaultTimeout(WAIT_MS);
        await context.addInitScript(probe.noteFirstRow);
        const page = await context.newPage();
        const ms = await firstRow(page, address);
        // The first visit of all warms the Worker up.
        if (visit > 0) times.push(ms);
        if (visit === VISITS) {
          say(
            `first row, cold cache: median ${median(times).toFixed(0)} ms of ${VISITS} visits ` +
              `(${times.map((each) => each.toFixed(0)).join(', ')})  load ${loadavg()[0]?.toFixed(1)}`,
          );
          tell('scroll, pages come on the way', await scroll(page));
          say(
            `all pages fetched after ${((await fetchAll(page, tasks)) / 1000).toFixed(1)} s of going to the end`,
          );
          tell(`scroll, all ${tasks} there`, await scroll(page));
        }
        await context.close();
      }
    }
  } finally {
    await browser.close();
    await worker.close();
    await neighbours.close();
    await rm(home, { recursive: true, force: true });
  }
}
