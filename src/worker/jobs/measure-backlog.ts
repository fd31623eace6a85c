import type { Job } from './job.ts';
import { backlog } from './store.ts';

/** Logs what waits, so that an alarm can watch one line: pending evaluations and their age, due reviews, late expiries. */
export const measureBacklog: Job = {
  name: 'measure-backlog',
  run: (ctx) => backlog(ctx.db, ctx.now),
};
