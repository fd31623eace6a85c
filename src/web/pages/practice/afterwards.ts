// What a task needs once it is worked on: one file, fetched while the statement is read.

export { Planned } from './planned.tsx';
export { Results } from './results.tsx';
export { SkipDialog } from './skip-dialog.tsx';
export { Summary } from './summary.tsx';
