export { hintsWithArchived } from './archived-hints.ts';
export { openHints } from './list.ts';
export { historyRoutes } from './routes.ts';
export { hintsOf, type SealedHint } from './store.ts';
