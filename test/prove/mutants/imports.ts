import { ImportError } from '#cli/import/document.ts';
import type { Importing } from '../imports/copies.ts';

const NOTHING = { mastery: [], module_states: [], review_queue: [], review_log: [] };

/** A planted bug of the import: what is wrong, and the two steps that are. */
export type ImportBug = { name: string; change: (importing: Importing) => Importing };

export const IMPORT_BUGS: readonly ImportBug[] = [
  {
    name: 'events get their places task by task',
    change: ({ read, write }) => ({
      write,
      read: (text) => {
        const restored = read(text);
        let position = 0;
        const inTurn = restored.tasks.toSorted((a, b) => (a.task.id < b.task.id ? 1 : -1));
        for (const { events } of inTurn) for (const event of events) event.position = ++position;
        for (const event of restored.learnerEvents) event.position = ++position;
        return restored;
      },
    }),
  },
  {
    name: 'paths begin when they are imported',
    change: ({ read, write }) => ({
      write,
      read: (text) => {
        const restored = read(text);
        const now = new Date().toISOString();
        for (const { events } of restored.paths) for (const event of events) event.created_at = now;
        return restored;
      },
    }),
  },
  {
    name: 'days of practice are lost',
    change: ({ read, write }) => ({
      write,
      read: (text) => {
        const restored = read(text);
        for (const { evaluations } of restored.tasks) for (const row of evaluations) row.day = null;
        return restored;
      },
    }),
  },
  {
    name: 'what the learner knows besides is left out',
    change: ({ read, write }) => ({
      write,
      read: (text) => ({ ...read(text), learnerEvents: [] }),
    }),
  },
  {
    name: 'a row that contradicts its events is taken',
    change: ({ read, write }) => ({
      write,
      read: (text) => {
        try {
          return read(text);
        } catch (error) {
          if (!(error instanceof ImportError)) throw error;
          return { paths: [], tasks: [], learnerEvents: [], learning: NOTHING, replayed: true, notes: [] };
        }
      },
    }),
  },
  {
    name: 'a review is left out',
    change: ({ read, write }) => ({
      read,
      write: (target, restored) => {
        const { learning } = restored;
        const review_log = learning.review_log.slice(1);
        return write(target, { ...restored, learning: { ...learning, review_log } });
      },
    }),
  },
];
