export * from './evaluation-calls.ts';
export * from './export-calls.ts';
export * from './hint-calls.ts';
export * from './path-calls.ts';
export * from './privacy-calls.ts';
export * from './review-calls.ts';
export * from './service-calls.ts';
export * from './task-calls.ts';
