export { foldLearner, type Learnt, learningFact } from './learner-rules.ts';
export { evolvePath, type PathState } from './path-rules.ts';
export { evolveTask, type TaskState, taskChange } from './task-rules.ts';
export { type RawEvent, readLearnerFact, readPathFact, readTaskFact } from './upcast-rules.ts';
