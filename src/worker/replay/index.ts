export { taskChange } from './task-rules.ts';
