import { LearnerFact, PathFact, TaskFact } from '#contract/events.ts';

/** An event as the log holds it; the payload as the API shows it. */
export type RawEvent = { event_type: string; schema_version: number; payload: unknown };

/** Turns an event of one version into the same event of the next one. */
type Upcaster = (event: RawEvent) => RawEvent;

/**
 * By `type@version`; an event goes from one to the next until nothing is left to do. There is only version 1 so far, so
 * nothing stands here: a change of a payload that old events do not fit raises `schema_version` and adds its step.
 */
const UPCASTERS: Readonly<Record<string, Upcaster>> = {};

/** An event that no rule of this program knows: whoever replays stops here and does not skip it. */
export class UnknownEvent extends Error {
  override readonly name = 'UnknownEvent';
}

function upcast(event: RawEvent, upcasters: Readonly<Record<string, Upcaster>>): RawEvent {
  let newest = event;
  for (;;) {
    const step = upcasters[`${newest.event_type}@${newest.schema_version}`];
    if (step === undefined) return newest;
    newest = step(newest);
  }
}

function reader<Fact>(schema: {
  safeParse(value: unknown): { success: boolean; data?: Fact; error?: Error };
}) {
  return (event: RawEvent, upcasters = UPCASTERS): Fact => {
    const { event_type, schema_version, payload } = upcast(event, upcasters);
    const parsed = schema.safeParse({ event_type, schema_version, payload });
    if (parsed.success) return parsed.data as Fact;
    throw new UnknownEvent(
      `${event_type} version ${schema_version} is unknown here, or not what it should be`,
      {
        cause: parsed.error,
      },
    );
  };
}

/** Reads an event of a task, brought up to the newest version. @throws UnknownEvent */
export const readTaskFact = reader<TaskFact>(TaskFact);
/** Reads an event of a path. @throws UnknownEvent */
export const readPathFact = reader<PathFact>(PathFact);
/** Reads an event of a learner. @throws UnknownEvent */
export const readLearnerFact = reader<LearnerFact>(LearnerFact);
