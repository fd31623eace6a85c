export { type ReviewRecord, reviewFigures, reviewsOf } from './figures.ts';
export { makeReviewsOf, reviewTaskMaker } from './make-tasks.ts';
export { reviewRoutes } from './routes.ts';
