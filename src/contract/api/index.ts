import { evaluationOperations } from './evaluations.ts';
import { exportOperations } from './export.ts';
import { hintOperations } from './hints.ts';
import { historyOperations } from './history.ts';
import type { Operation } from './operation.ts';
import { pathOperations } from './paths.ts';
import { privacyOperations } from './privacy.ts';
import { progressOperations } from './progress.ts';
import { reviewOperations } from './reviews.ts';
import { serviceOperations } from './service.ts';
import { taskOperations } from './tasks.ts';

/** Every operation of the API. A route that is missing here, or here and not in the router, fails a test. */
export const OPERATIONS: readonly Operation[] = [
  ...pathOperations,
  ...historyOperations,
  ...taskOperations,
  ...evaluationOperations,
  ...hintOperations,
  ...reviewOperations,
  ...progressOperations,
  ...exportOperations,
  ...privacyOperations,
  ...serviceOperations,
];
