// What is shown when there is no task: one file, as each part alone is smaller than what fetching it costs.
export { NothingLeft } from './nothing-left.tsx';
export { StartPath } from './start-path.tsx';
