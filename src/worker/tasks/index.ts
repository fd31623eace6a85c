export type { TaskSeed } from './domain.ts';
export { insertedTasks, seedsJson } from './insert.ts';
export { taskRoutes } from './routes.ts';
