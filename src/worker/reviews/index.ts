export { reviewTaskMaker } from './make-tasks.ts';
export { reviewRoutes } from './routes.ts';
