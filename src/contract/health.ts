import * as z from 'zod';

/** Answer of `GET /healthz`: the Worker runs, whatever the services do that it needs. */
export const Health = z.object({ status: z.literal('ok') });
export type Health = z.infer<typeof Health>;

/** A variable of the deployment and what is wrong with it. */
export const SetupFault = z.object({ name: z.string(), message: z.string() });
export type SetupFault = z.infer<typeof SetupFault>;

/** How one service answered, and after how many milliseconds. */
export const ServiceCheck = z.object({
  ok: z.boolean(),
  ms: z.int().min(0),
  /** The variable that leads to the service, or its key, when `ok` is false. */
  fault: SetupFault.optional(),
});
export type ServiceCheck = z.infer<typeof ServiceCheck>;

/** Answer of `GET /readyz`. `ready` is false when a service does not answer or does not take its key. */
export const Readiness = z.object({
  ready: z.boolean(),
  checks: z.record(z.string(), ServiceCheck),
  /** What works, but not as a deployment should have it. */
  warnings: z.array(SetupFault),
});
export type Readiness = z.infer<typeof Readiness>;

/** Answer 503 of `GET /readyz` while variables of the deployment are missing or wrong. */
export const Unconfigured = z.object({
  ready: z.literal(false),
  configuration: z.array(SetupFault),
});
export type Unconfigured = z.infer<typeof Unconfigured>;
