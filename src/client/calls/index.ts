export * from './evaluations.ts';
export * from './exports.ts';
export * from './hints.ts';
export * from './paths.ts';
export * from './privacy.ts';
export * from './reviews.ts';
export * from './service.ts';
export * from './tasks.ts';
