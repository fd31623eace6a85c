export { daySettings, hintCharge, runCharge, submissionCharge, tasksCharge } from './charges.ts';
export type { Charge } from './ledger.ts';
export {
  closeHint,
  createQuotas,
  paidFor,
  pay,
  type Quotas,
  quotaError,
  rememberDay,
  type Undo,
  undoOf,
} from './quotas.ts';
