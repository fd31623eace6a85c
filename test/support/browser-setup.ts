import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  // biome-ignore lint/style/useConsistentTypeDefinitions: only an interface merges with vitest's own
  export interface ProvidedContext {
    browserPath: string | null;
  }
}

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const APPLICATIONS = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** `CHROME_PATH`, or the first Chrome or Chromium on the PATH; null without one. */
export function findBrowser(): string | null {
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean);
  const onPath = NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name)));
  const candidates = [process.env.CHROME_PATH ?? '', ...onPath, ...APPLICATIONS];
  return candidates.find((file) => file !== '' && isExecutable(file)) ?? null;
}

/** Tells the tests which browser there is, and whoever runs them when there is none. */
export function setup(project: TestProject): void {
  const found = findBrowser();
  project.provide('browserPath', found);
  if (found !== null) return;
  process.stderr.write('No Chrome or Chromium found (PATH, CHROME_PATH): the browser tests are left out.\n');
}
