export { claimDue, giveUpOverdue, redrive } from './redrive.ts';
export { evaluationRoutes } from './routes.ts';
export { codeSeal } from './settle.ts';
export { leaseFor } from './slot-rules.ts';
export { createSlotPool } from './slots.ts';
export { evaluationsOf, type SealedEvaluation } from './store.ts';
