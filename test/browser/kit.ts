import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type axeCore from 'axe-core';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, expect, inject, test } from 'vitest';
import { stack, tokenFor } from '../support/api.ts';

const browserPath = inject('browserPath');

/** A test that needs a browser; left out, with a word from the setup, where there is none. */
export const browserTest = test.runIf(browserPath !== null);

const FLAGS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
  ...['--disable-background-networking', '--disable-component-update'],
];

let launched: Promise<Browser> | undefined;

function browser(): Promise<Browser> {
  launched ??= chromium.launch({ executablePath: browserPath ?? '', args: FLAGS });
  return launched;
}

afterAll(async () => (await launched)?.close());

export const VIEWS = {
  wide: { width: 1280, height: 800 },
  phone: { width: 390, height: 844 },
  narrow: { width: 320, height: 640 },
} as const;

export type VisitOptions = {
  view?: keyof typeof VIEWS;
  scheme?: 'light' | 'dark';
  zone?: string;
  /** False: the tab makes its own sign-in states, and asks about tokens that come without one. */
  expectsTokens?: boolean;
};

/** The state that the tabs of the tests have asked for a token with. */
const STATE = '0123456789abcdef0123456789abcdef';

/** An address whose token the tab takes for the one that it asked for. */
export function expected(address: string): string {
  return address.replace('#token=', `#state=${STATE}&token=`);
}

export type Look = Required<Pick<VisitOptions, 'view' | 'scheme'>>;

/** A page is checked in each of these; colours and widths decide how it looks, and nothing else. */
export const LOOKS: Readonly<Record<'wide-light' | 'wide-dark' | 'phone-light' | 'narrow-dark', Look>> = {
  'wide-light': { view: 'wide', scheme: 'light' },
  'wide-dark': { view: 'wide', scheme: 'dark' },
  'phone-light': { view: 'phone', scheme: 'light' },
  'narrow-dark': { view: 'narrow', scheme: 'dark' },
};

/** Gives the window another size and other colours, and waits until the page has followed. */
export async function wear(page: Page, { view, scheme }: Look): Promise<void> {
  await page.setViewportSize(VIEWS[view]);
  await page.emulateMedia({ colorScheme: scheme });
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

/** Calls back in every look, with its name; no navigation lies between. */
export async function inEveryLook(page: Page, run: (name: string) => Promise<void>): Promise<void> {
  for (const [name, look] of Object.entries(LOOKS)) {
    await wear(page, look);
    await run(name);
  }
}

/** One tab of a window of its own, with everything that its console and its policy complained about. */
export type Visit = {
  page: Page;
  context: BrowserContext;
  complaints: string[];
  /** Goes to a path of the app, and waits for its heading. */
  open(path: string): Promise<void>;
};

/** Opens a window, hands it to the callback and closes it; fails the test when the page complained about anything. */
export async function visit(options: VisitOptions, run: (visit: Visit) => Promise<void>): Promise<void> {
  const context = await (await browser()).newContext({
    viewport: VIEWS[options.view ?? 'wide'],
    colorScheme: options.scheme ?? 'light',
    timezoneId: options.zone ?? 'Europe/Berlin',
    locale: 'en-GB',
    reducedMotion: 'reduce',
    acceptDownloads: true,
  });
  try {
    context.setDefaultTimeout(30_000);
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => {
        // biome-ignore lint/suspicious/noConsole: the console is where the tests look
        console.error(`security policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
      });
    });
    if (options.expectsTokens !== false) {
      await context.addInitScript((state) => {
        sessionStorage.setItem('study-paths.sign-in-state', state);
      }, STATE);
    }
    const open = async (target: string) => {
      await page.goto(expected(`${stack.worker}${target}`));
      await page.locator('h1').waitFor();
    };
    await run({ page, context, complaints, open });
    expect(complaints).toEqual([]);
  } finally {
    await context.close();
  }
}

/** A new learner's name and a fragment that signs the app in as them. */
export async function newLearnerFragment(): Promise<{ learner: string; fragment: string; token: string }> {
  const learner = `learner-${randomUUID().slice(0, 8)}`;
  const token = await tokenFor(learner);
  return { learner, token, fragment: `#token=${token}` };
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * What axe finds wrong with the page as it is: rule, and the elements that break it. From the page's top, as a control
 * that a scroll has left half under the bar is called too small to be hit.
 */
export async function axeViolations(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  await page.evaluate(() => window.scrollTo(0, 0));
  const results = (await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: typeof axeCore };
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const { violations } = await axe.run(document, { runOnly: tags, resultTypes: ['violations'] });
    return violations.map(({ id, nodes }) => ({
      id,
      nodes: nodes.map((node) => `${node.target.join(' ')}: ${node.failureSummary ?? ''}`),
    }));
  })) as { id: string; nodes: string[] }[];
  return results.flatMap(({ id, nodes }) => nodes.map((node) => `${id} ${node}`));
}

/** Pixels by which the page is wider than its window; 0 when nothing has to be scrolled sideways. */
export function sidewaysOverflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

const pictures = process.env.SCREENSHOTS ?? '';

/**
 * Keeps a picture of the page in the folder `SCREENSHOTS`: all of the page, or what the window shows of a long one.
 * Without that variable none is taken, as nobody would look at it and all of them together cost half a minute.
 */
export async function picture(page: Page, name: string, fullPage = true): Promise<void> {
  if (pictures === '') return;
  mkdirSync(pictures, { recursive: true });
  // Of a page that is scrolled, what sticks to the window would be drawn in its middle.
  if (fullPage) await page.evaluate(() => window.scrollTo(0, 0));
  await page.screenshot({ path: path.join(pictures, `${name}.png`), fullPage });
}
