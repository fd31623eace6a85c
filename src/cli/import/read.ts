import * as z from 'zod';
import { LearnerExport, TaskExport } from '#contract/export.ts';
import { checked, parseJson, refuse } from './document.ts';
import { fromLearnerExport } from './learner-export.ts';
import { checkPast, checkTexts } from './places.ts';
import type { Restored } from './restored.ts';
import { fromTaskExport } from './task-export.ts';

const Document = z.looseObject({ schema: z.string(), version: z.number() });

/**
 * Reads either export and checks all of it before anything is written: a row that contradicts its events is refused, and
 * so is what lies in the future.
 * @param now time of the import, in milliseconds since 1970.
 * @throws ImportError naming the places that are wrong.
 */
export function readExport(text: string, now: number): Restored {
  const json = parseJson(text);
  checkTexts(json);
  const { schema, version } = checked(Document, json);
  const known = schema === 'study-paths/export' || schema === 'study-paths/learner';
  if (!known || version !== 1)
    refuse([
      `schema: ${schema} version ${version} is not known here; this reads study-paths/export and study-paths/learner, version 1`,
    ]);
  if (schema === 'study-paths/export') {
    const document = checked(TaskExport, json);
    checkPast(document, now);
    return fromTaskExport(document);
  }
  const document = checked(LearnerExport, json);
  checkPast(document, now);
  return fromLearnerExport(document);
}
