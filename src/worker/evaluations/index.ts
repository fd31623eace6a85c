export { claimDue, giveUpOverdue, redrive } from './redrive.ts';
export { evaluationRoutes } from './routes.ts';
export { leaseFor } from './slot-rules.ts';
export { createSlotPool } from './slots.ts';
export { type EvaluationView, evaluationsOf } from './store.ts';
