import type { Context } from '../context.ts';
import { UpstreamError } from './upstream-error.ts';

/**
 * For `catch`: the answer to go on with where a service is of use and not needed. Its failure is logged under `event`.
 * @throws whatever is not the service's failure.
 */
export function without<T>(
  { log }: Pick<Context, 'log'>,
  event: string,
  answer: T,
  fields: Record<string, string> = {},
): (error: unknown) => T {
  return (error) => {
    if (!(error instanceof UpstreamError)) throw error;
    log.warn(event, { ...fields, kind: error.kind });
    return answer;
  };
}
