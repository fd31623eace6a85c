export { decideLearning, type LearningWrites, NO_CHANGE } from './decide.ts';
export type { LearningFacts } from './facts.ts';
export { afterCompletion, planTasks } from './plan.ts';
export { MODULE_NAMES } from './reason-rules.ts';
export { refillPath } from './refill.ts';
export { learningFacts } from './store.ts';
export { learntAnything, lockedLearning, writesJson, writtenLearning } from './store-writes.ts';
export { topUpPaths } from './top-up.ts';
