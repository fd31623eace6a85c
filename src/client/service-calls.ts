import { get } from './call.ts';
import type * as t from './types.ts';

export const getHealth = () => get<t.Health>('/healthz');

/** Throws when a service does not answer. */
export const getReadiness = () => get<t.Readiness>('/readyz');
