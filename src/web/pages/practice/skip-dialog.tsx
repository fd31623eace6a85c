import { useState } from 'preact/hooks';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { skipForward } from '../../ui/icons.ts';

/** Characters that a reason may have. */
const LONGEST_REASON = 500;

type SkipDialogProps = { open: boolean; busy: boolean; onClose(): void; onSkip(reason: string | null): void };

/** Asks once more, and for a reason if there is one to tell. */
export function SkipDialog({ open, busy, onClose, onSkip }: SkipDialogProps) {
  const [reason, setReason] = useState('');
  return (
    <Dialog title="Skip this task?" open={open} onClose={onClose}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) onSkip(reason.trim() === '' ? null : reason.trim());
        }}
      >
        <p>It counts neither for nor against you. It stays in your history, and the next task comes up.</p>
        <Field label="Why?" hint="Optional. It helps you when you look back.">
          {(attributes) => (
            <textarea
              {...attributes}
              rows={3}
              maxLength={LONGEST_REASON}
              value={reason}
              onInput={(event) => setReason(event.currentTarget.value)}
            />
          )}
        </Field>
        <div class="actions">
          <Button look="primary" icon={skipForward} submit busy={busy}>
            Skip it
          </Button>
          <Button look="quiet" onClick={onClose}>
            Keep going
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
