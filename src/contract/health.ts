import * as z from 'zod';

/** Answer of `GET /healthz`: the Worker runs, whatever its neighbours do. */
export const Health = z.object({ status: z.literal('ok') });
export type Health = z.infer<typeof Health>;

/** How one neighbour answered, and after how many milliseconds. */
export const NeighbourCheck = z.object({ ok: z.boolean(), ms: z.int().min(0) });
export type NeighbourCheck = z.infer<typeof NeighbourCheck>;

/** Answer of `GET /readyz`. `ready` is false when one of the neighbours does not answer. */
export const Readiness = z.object({ ready: z.boolean(), checks: z.record(z.string(), NeighbourCheck) });
export type Readiness = z.infer<typeof Readiness>;

/** Answer 503 of `GET /readyz` while variables of the deployment are missing or wrong. */
export const Unconfigured = z.object({
  ready: z.literal(false),
  configuration: z.array(z.object({ name: z.string(), message: z.string() })),
});
export type Unconfigured = z.infer<typeof Unconfigured>;
