import * as z from 'zod';
import { LearnerExport, TaskExport } from '#contract/export.ts';
import { checked, parseJson, refuse } from './document.ts';
import { fromLearnerExport } from './learner-export.ts';
import type { Restored } from './restored.ts';
import { fromTaskExport } from './task-export.ts';

const Document = z.looseObject({ schema: z.string(), version: z.number() });

/**
 * Reads either export and checks all of it before anything is written: a row that contradicts its events is refused.
 * @throws ImportError naming the places that are wrong.
 */
export function readExport(text: string): Restored {
  const json = parseJson(text);
  const { schema, version } = checked(Document, json);
  const known = schema === 'study-paths/export' || schema === 'study-paths/learner';
  if (!known || version !== 1)
    refuse([
      `schema: ${schema} version ${version} is not known here; this reads study-paths/export and study-paths/learner, version 1`,
    ]);
  return schema === 'study-paths/export'
    ? fromTaskExport(checked(TaskExport, json))
    : fromLearnerExport(checked(LearnerExport, json));
}
