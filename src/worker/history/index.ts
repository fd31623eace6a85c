export { hintsWithArchived } from './archived-hints.ts';
export { openHints } from './list.ts';
export { historyRoutes } from './routes.ts';
export { searchFor, titlesOf } from './search.ts';
export { hintsOf, NO_SEARCH, type SealedHint, type Search, searched } from './store.ts';
