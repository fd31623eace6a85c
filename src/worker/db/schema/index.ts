export * from './archive.ts';
export * from './evaluations.ts';
export * from './idempotency.ts';
export * from './imports.ts';
export * from './learning.ts';
export * from './log.ts';
export * from './progress.ts';
export * from './tasks.ts';
