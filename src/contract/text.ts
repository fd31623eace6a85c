import * as z from 'zod';

/**
 * A string that PostgreSQL stores unchanged: well-formed UTF-16 (a lone surrogate would silently become U+FFFD) and
 * without NUL (refused with SQLSTATE 22021).
 */
export function text(max: number, min = 0) {
  return z
    .string()
    .min(min)
    .max(max)
    .refine((value) => value.isWellFormed() && !value.includes('\0'), 'must be well-formed text without NUL');
}

/** An instant in RFC 3339 with seconds, between the years 2000 and 2199, answered in UTC. */
export const Instant = z.iso
  .datetime({ offset: true })
  .refine((value) => {
    const year = new Date(value).getUTCFullYear();
    return year >= 2000 && year <= 2199;
  }, 'must lie between the years 2000 and 2199')
  .transform((value) => new Date(value).toISOString());

/** An instant as this API writes it: `2026-11-22T09:43:00.000Z`. */
export const Timestamp = z.iso.datetime();

/** A day of the learner by its key: `2026-11-22`, the local date at which the day begins. */
export const DayKey = z.iso.date();

/**
 * What a value looks like to whoever writes it, where its schema cannot say so since a transform stands in front. For
 * readers of the contract, as the API document is; validation never looks here.
 */
export const spelling = new WeakMap<z.core.$ZodType, z.ZodType>();

/** The schema itself, with its spelling noted. */
export function spelled<T extends z.ZodType>(schema: T, as: z.ZodType): T {
  spelling.set(schema, as);
  return schema;
}

/** A UUID in its canonical lower-case form; any other spelling is unknown. */
export const Id = z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);

/** Path parameter of everything that is about one task or one path. */
export const IdParams = z.object({ id: Id });
