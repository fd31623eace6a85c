export { openOutput, outputSeal, readOutput } from './output.ts';
export { claimDue, giveUpOverdue, redrive } from './redrive.ts';
export { evaluationRoutes } from './routes.ts';
export { codeSeal } from './settle.ts';
export { createSlotPool } from './slots.ts';
export { evaluationsOf, type SealedEvaluation } from './store.ts';
export { storedAnswers } from './stored-answers.ts';
