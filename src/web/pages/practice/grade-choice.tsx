import { useEffect, useState } from 'preact/hooks';
import { gradeTask, undoGrade, undoReview } from '#client/review-calls.ts';
import type { ReviewGrade } from '#contract/learning.ts';
import type { Task } from '#contract/tasks.ts';
import { send } from '../../api/client.ts';
import { announce } from '../../kit/announce.ts';
import { Button } from '../../ui/button.tsx';
import { rotateCcw, undo2 } from '../../ui/icons.ts';
import { useAction } from './use-action.ts';

/** From the shortest to the longest pause until the next review. */
export const GRADES: Record<ReviewGrade, string> = {
  again: 'Again',
  hard: 'Hard',
  good: 'Good',
  easy: 'Easy',
};
const ALL = Object.keys(GRADES) as ReviewGrade[];

type GradeChoiceProps = {
  taskId: string;
  grade: ReviewGrade;
  /** Whether it is the learner's own. */
  own: boolean;
  onGraded(task: Task): void;
};

/** The learner's own word on how it went, in the place of the grade that followed from attempts, hints and time. */
export function GradeChoice({ taskId, grade, own: isOwn, onGraded }: GradeChoiceProps) {
  // Shown at once; what the server says of it takes its place, or the old grade if it is refused.
  const [own, setOwn] = useState<ReviewGrade | null>(null);
  useEffect(() => setOwn(null), [grade]);
  const { busy, act } = useAction(async (wanted: ReviewGrade) => {
    setOwn(wanted);
    try {
      const { task } = await send(gradeTask(taskId, wanted));
      announce(`Graded ${GRADES[wanted]}.`);
      onGraded(task);
    } catch (error) {
      setOwn(null);
      throw error;
    }
  });
  const undo = useAction(async (what: 'grade' | 'review') => {
    const { task } = await send(what === 'grade' ? undoGrade(taskId) : undoReview(taskId));
    announce(what === 'grade' ? 'The grade of your result counts again.' : 'The review is undone.');
    onGraded(task);
  });
  return (
    <fieldset class="grade" aria-describedby="grade-hint">
      <legend>How well did you know it?</legend>
      {/* Buttons, as arrows on radio buttons would send every grade on the way. */}
      <div class="segments">
        {ALL.map((each) => (
          <button
            key={each}
            type="button"
            aria-pressed={each === (own ?? grade)}
            aria-disabled={busy}
            onClick={() => act(each)}
          >
            {GRADES[each]}
          </button>
        ))}
      </div>
      <p id="grade-hint" class="small muted">
        The grade follows from hints and time. Yours counts instead, and moves the next review.
      </p>
      <div class="actions">
        {isOwn && (
          <Button look="quiet" icon={rotateCcw} busy={undo.busy} onClick={() => undo.act('grade')}>
            Use the grade of my result
          </Button>
        )}
        <Button look="quiet" icon={undo2} busy={undo.busy} onClick={() => undo.act('review')}>
          Undo this review
        </Button>
      </div>
    </fieldset>
  );
}
