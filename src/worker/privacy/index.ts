export { sweepDetached } from './erase.ts';
export { privacyRoutes } from './routes.ts';
