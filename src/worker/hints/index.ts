export { hintRoutes } from './routes.ts';
