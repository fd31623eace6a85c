import { useStore } from '../kit/store.ts';
import { answerOffer, offered, session } from '../session/session.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';

/** Longest name that is shown; a token can hold any text. */
const LONGEST_NAME = 80;

/** A name as it can be read: nothing invisible, nothing that turns the text around it. */
function readable(name: string): string {
  const visible = name.replace(/\p{C}/gu, '');
  return visible.length > LONGEST_NAME ? `${visible.slice(0, LONGEST_NAME)}…` : visible;
}

/** Asks before a token is taken that this tab did not ask for: anybody can make a link that holds one. */
export function HandOver() {
  const offer = useStore(offered);
  const current = useStore(session);
  const name = readable(offer?.learner ?? '');
  const decline = () => answerOffer(false);
  return (
    <Dialog title={`Sign in as ${name}?`} open={offer !== null} onClose={decline}>
      <p>
        {current.state === 'signed-in'
          ? `You are signed in as ${readable(current.learner)}. The link that you followed signs this tab in as ${name} instead.`
          : `The link that you followed signs this tab in as ${name}.`}
      </p>
      <p>Go on only if that is you: what you write from then on belongs to that account.</p>
      <div class="actions">
        <Button look="primary" onClick={() => answerOffer(true)}>
          {`Sign in as ${name}`}
        </Button>
        <Button look="quiet" onClick={decline}>
          {current.state === 'signed-in' ? `Stay ${readable(current.learner)}` : 'Do not sign in'}
        </Button>
      </div>
    </Dialog>
  );
}
