import * as z from 'zod';

/** What the host asks of a child; `n` is 0 for loading and counts the calls from 1. */
export type ChildRequest =
  | { t: 'load'; n: 0; code: string; entry: string; memory_mb: number }
  | { t: 'call'; n: number; args: string; spec: string };

/** What a child says. Every word of it is a claim of untrusted code: parsed as data, believed in nothing. */
export const ChildFrame = z.discriminatedUnion('k', [
  z.object({ k: z.literal('READY') }),
  /** Output of the request that runs, as it comes; the rest is in its `R`. */
  z.object({ k: z.literal('O'), n: z.int(), text: z.string().max(16_384) }),
  z.object({
    k: z.literal('R'),
    n: z.int(),
    /** JSON text of a `ChildOutcome`. */
    result: z.string(),
    stdout: z.string(),
    truncated: z.boolean(),
    /** Bytes of the engine's heap. */
    heap: z.number().min(0),
  }),
  z.object({ k: z.literal('OLE'), n: z.int() }),
  z.object({ k: z.literal('FATAL'), n: z.int(), message: z.string() }),
]);
export type ChildFrame = z.infer<typeof ChildFrame>;

/** Result of loading or of one call, as the harness inside the sandbox reports it. */
export const ChildOutcome = z.discriminatedUnion('k', [
  z.object({ k: z.literal('OK'), v: z.unknown().optional() }),
  z.object({
    k: z.enum(['RE', 'CE']),
    type: z.string(),
    message: z.string(),
    line: z.int().min(1).nullable().catch(null),
  }),
]);
export type ChildOutcome = z.infer<typeof ChildOutcome>;
