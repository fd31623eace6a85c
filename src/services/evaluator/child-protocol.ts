import * as z from 'zod';
import { PRINTED_CAP } from './printed.ts';

/** What the host asks of a child; `n` is 0 for loading and counts the calls from 1. */
export type ChildRequest =
  | { t: 'load'; n: 0; code: string; entry: string; memory_mb: number }
  | { t: 'call'; n: number; args: string; spec: string };

/** Largest result (JSON text), in UTF-16 units; a child refuses larger ones itself. */
const RESULT_CAP = 1_048_576;
/** Largest text of one `O` frame, in UTF-16 units. */
const OUTPUT_CHUNK = 16_384;
/** Bytes that an engine's memory can have at most; the judge shows no more than the program was allowed. */
const HEAP_CAP = 2 ** 32;
const MESSAGE_CAP = 2000;
/** Far beyond the lines that 64 Ki characters can have. */
const LINE_CAP = 1_000_000;

/** A submission has at most 200 tests; the rest is reserve. */
const RequestNumber = z.int().min(0).max(1000);

/** What a child says. Every word of it is a claim of untrusted code: parsed as data, bounded, believed in nothing. */
export const ChildFrame = z.discriminatedUnion('k', [
  z.object({ k: z.literal('READY') }),
  /** Printed text of the request that runs, sent at any time: what a killed child has printed is here already. */
  z.object({ k: z.literal('O'), n: RequestNumber, text: z.string().max(OUTPUT_CHUNK) }),
  z.object({
    k: z.literal('R'),
    n: RequestNumber,
    /** JSON text of a `ChildOutcome`. */
    result: z.string().max(RESULT_CAP),
    /** What no `O` frame has carried. */
    stdout: z.string().max(PRINTED_CAP),
    truncated: z.boolean(),
    /** Bytes of the engine's heap. */
    heap: z.int().min(0).max(HEAP_CAP),
  }),
  z.object({ k: z.literal('OLE'), n: RequestNumber }),
  z.object({ k: z.literal('FATAL'), n: RequestNumber, message: z.string().max(MESSAGE_CAP) }),
]);
export type ChildFrame = z.infer<typeof ChildFrame>;

/** Result of loading or of one call, as the harness inside the sandbox reports it. */
export const ChildOutcome = z.discriminatedUnion('k', [
  z.object({ k: z.literal('OK'), v: z.unknown().optional() }),
  z.object({
    k: z.enum(['RE', 'CE']),
    type: z.string().max(200),
    message: z.string().max(2 * MESSAGE_CAP),
    line: z.int().min(1).max(LINE_CAP).nullable().catch(null),
  }),
]);
export type ChildOutcome = z.infer<typeof ChildOutcome>;
