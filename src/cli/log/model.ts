import { dueDayOf } from '#domain/calendar.ts';
import { masteryLevel } from '#domain/learning/mastery.ts';
import { LIVE_MODEL, MODELS, type Model, remodel } from '#domain/learning/models.ts';
import type { ArchiveObjects } from '../archive/objects.ts';
import type { Ask } from './read.ts';
import { evidenceOfAll } from './rebuild.ts';

/** What would change for a learner under another version of the rules. */
export type Change = {
  learner: string;
  topics: { topic: string; from: number; to: number; level: string }[];
  cards: { problem: string; from: string; to: string }[];
};

/** @throws Error naming the versions that there are. */
export function modelOf(name: string): Model {
  const model = MODELS[name];
  if (model === undefined) throw new Error(`--model must be one of ${Object.keys(MODELS).join(', ')}`);
  return model;
}

/**
 * Computes mastery and review dates of every learner anew under `model`, from what was shown and not from what was
 * decided, and beside it under the rules of today; reads only.
 */
export async function* changesUnder(
  ask: Ask,
  model: Model,
  archive: ArchiveObjects | null = null,
): AsyncGenerator<Change> {
  const today = modelOf(LIVE_MODEL);
  for await (const [learner, evidence] of evidenceOfAll(ask, archive)) {
    const [before, after] = [remodel(evidence, today), remodel(evidence, model)];
    const topics = [...after.mastery].flatMap(([topic, state]) => {
      const old = before.mastery.get(topic);
      if (old === undefined || old.rating === state.rating) return [];
      const [from, to] = [masteryLevel(old), masteryLevel(state)];
      const level = from === to ? from : `${from} -> ${to}`;
      return [{ topic, from: old.rating, to: state.rating, level }];
    });
    const cards = [...after.cards].flatMap(([problem, card]) => {
      const known = before.cards.get(problem);
      const [from, to] = [known === undefined ? undefined : dueDayOf(known), dueDayOf(card)];
      return from === undefined || from === to ? [] : [{ problem, from, to }];
    });
    yield { learner, topics, cards };
  }
}

/** A learner's change in words: a line for the learner, one for each topic and card that changes. */
export function wordsOf({ learner, topics, cards }: Change): string {
  return [
    `${learner}: ${topics.length} topics and ${cards.length} review dates change`,
    ...topics.map(
      ({ topic, from, to, level }) => `  ${topic}: ${from.toFixed(0)} -> ${to.toFixed(0)} (${level})`,
    ),
    ...cards.map(({ problem, from, to }) => `  ${problem}: due ${from} -> ${to}`),
    '',
  ].join('\n');
}
