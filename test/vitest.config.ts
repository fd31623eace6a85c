import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          sequence: { groupOrder: 0 },
          include: ['test/unit/**/*.test.ts'],
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'local',
          sequence: { groupOrder: 1 },
          // Sandboxes and databases share two cores in CI.
          maxWorkers: 2,
          include: ['test/local/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'api',
          sequence: { groupOrder: 2 },
          // One stack for all files, and its fault switches are for everybody.
          maxWorkers: 1,
          include: ['test/api/**/*.test.ts'],
          globalSetup: 'test/support/stack-setup.ts',
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          sequence: { groupOrder: 3 },
          maxWorkers: 1,
          include: ['test/browser/**/*.test.ts'],
          globalSetup: ['test/support/stack-setup.ts', 'test/support/browser-setup.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
