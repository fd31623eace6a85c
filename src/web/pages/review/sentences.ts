import type { Actor, TaskEvent } from '#contract/events.ts';
import { dueDayOf } from '#domain/calendar.ts';
import { formatDay, formatPercent } from '../../time/dates.ts';
import { DIFFICULTY_NAMES, MODULE_NAMES, STATUS_NAMES, topicName, VERDICT_NAMES } from '../../ui/names.ts';
import { LANGUAGE_NAMES } from './words.ts';

export type Telling = {
  /** Calendar day of an instant for the learner. */
  dayOf(iso: string): string;
  /** False while difficulties are hidden. */
  difficulty: boolean;
};

const GRADES = { again: 'Again', hard: 'Hard', good: 'Good', easy: 'Easy' } as const;
const ENDS = {
  complete: '',
  aborted: ', and was stopped',
  timeout: ', and ran out of time',
  failed: ', and broke off',
};

const JOBS: Readonly<Record<string, string>> = {
  'due-reviews': 'the review plan',
  'expire-tasks': 'the daily clean-up',
  'redrive-evaluations': 'the judge',
  replan: 'the new settings',
  'top-up-paths': 'the path',
};

function signed(points: number): string {
  return points < 0 ? `−${-points}` : `+${points}`;
}

function levels(from: number, to: number, { difficulty }: Telling): string {
  if (!difficulty) return 'change';
  const direction = to > from ? 'harder' : 'easier';
  return `get ${direction}: ${DIFFICULTY_NAMES[from] ?? from} to ${DIFFICULTY_NAMES[to] ?? to}`;
}

/** Who caused an event, in the learner's eyes. */
export function actorName(actor: Actor): string {
  switch (actor.type) {
    case 'learner':
      return 'You';
    case 'co':
      return 'Your study coach';
    case 'system':
      return `Study Paths (${JOBS[actor.job] ?? actor.job})`;
  }
}

/** What happened, in one sentence. */
export function sentenceOf(event: TaskEvent, telling: Telling): string {
  const day = (iso: string) => formatDay(telling.dayOf(iso));
  switch (event.event_type) {
    case 'created':
      return `Task planned for ${day(event.payload.scheduled_at)}.`;
    case 'started':
      return `Started; there is time until ${day(event.payload.expires_at)}.`;
    case 'submitted': {
      const { attempt, language, code_bytes } = event.payload;
      return `Attempt ${attempt} submitted: ${code_bytes} bytes of ${LANGUAGE_NAMES[language]}.`;
    }
    case 'evaluation_requested':
      return `Attempt ${event.payload.attempt} sent to the judge again.`;
    case 'evaluated': {
      const { attempt, verdict, test_cases_passed, test_cases_total, score, rule_version } = event.payload;
      if (verdict === 'CE' && rule_version > 1)
        return `Attempt ${attempt} did not compile; it is not counted.`;
      return `Attempt ${attempt}: ${VERDICT_NAMES[verdict]}, ${test_cases_passed} of ${test_cases_total} tests passed (${formatPercent(score)}).`;
    }
    case 'evaluation_failed':
      return `Attempt ${event.payload.attempt} could not be judged; it counts for nothing.`;
    case 'hint_requested':
      return `Hint ${event.payload.hints_used} asked for, at level ${event.payload.level}.`;
    case 'tutor_interaction': {
      const { level, outcome } = event.payload;
      return `The tutor answered at level ${level}${ENDS[outcome]}.`;
    }
    case 'status_changed': {
      const { from, to, reason, replanned } = event.payload;
      if (replanned) return 'Replaced before it was started, as the settings of the path changed.';
      const why = reason === null ? '' : `: “${reason}”`;
      return `${STATUS_NAMES[from]} became ${STATUS_NAMES[to].toLowerCase()}${why}.`;
    }
    case 'metadata_changed':
      return `Notes changed: ${Object.keys(event.payload.metadata).join(', ')}.`;
    case 'mastery_changed': {
      const changes = event.payload.changes.map(({ topic, rating, rating_before }) => {
        const now = Math.round(rating);
        return `${topicName(topic).toLowerCase()} ${now}${rating_before === null ? '' : ` (${signed(now - Math.round(rating_before))})`}`;
      });
      return `Mastery is now: ${changes.join(', ')}.`;
    }
    case 'difficulty_changed': {
      const { module, from, to } = event.payload;
      return `New problems of ${MODULE_NAMES[module]} ${levels(from, to, telling)}.`;
    }
    case 'graded': {
      const { grade, source } = event.payload;
      const by = source === 'learner' ? 'by you' : 'from the result';
      return `Remembered: ${GRADES[grade]}, graded ${by}; comes back on ${formatDay(dueDayOf(event.payload))}.`;
    }
    case 'grade_undone': {
      const { card } = event.payload;
      if (card === null) return 'Review undone.';
      return `Review undone; comes back on ${formatDay(dueDayOf(card))} as before.`;
    }
    case 'erased':
      return 'What had been typed before this was erased.';
    default:
      return unknownEvent(event);
  }
}

/** A newer server may tell of something that this app has not heard of. */
function unknownEvent(event: never): string {
  const { event_type } = event as { event_type: string };
  return `${event_type.replaceAll('_', ' ')}.`;
}
