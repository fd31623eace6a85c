import { html, raw } from 'hono/html';

/** Learners that are one click away; what they do is stored like everybody's. */
const LEARNERS = [
  { name: 'demo', about: 'a learner to look around with' },
  { name: 'alice', about: 'another one' },
  { name: 'bob', about: 'and a third' },
] as const;

const STYLE = `
:root { color-scheme: light dark; --line: light-dark(#deded8, #32373e); --edge: light-dark(#85878c, #767d87);
  --muted: light-dark(#565b64, #a6adb7); --accent: light-dark(#3157c8, #93b1ff); }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100dvh; display: grid; place-items: center; padding: 1rem;
  background: light-dark(#f6f6f3, #121417); color: light-dark(#1b1d21, #e9eaec); font: 1rem/1.55 system-ui, sans-serif; }
main { width: min(26rem, 100%); padding: 2rem; border: 1px solid var(--line); border-radius: .75rem;
  background: light-dark(#fff, #1a1d21); box-shadow: 0 12px 40px light-dark(rgb(20 22 30 / 10%), rgb(0 0 0 / 40%)); }
h1 { margin: 0; font-size: 1.5rem; letter-spacing: -.02em; }
p { margin: .25rem 0 1.25rem; color: var(--muted); }
code { font-size: .9em; }
ul { display: grid; gap: .5rem; margin: 0 0 1.5rem; padding: 0; list-style: none; }
button, input { font: inherit; color: inherit; min-height: 2.75rem; border-radius: .375rem; border: 1px solid var(--edge);
  background: none; }
button { cursor: pointer; padding: .375rem 1rem; }
button:hover { background: light-dark(#eeeeea, #23272c); }
ul button { display: flex; gap: .75rem; align-items: center; width: 100%; text-align: start; }
ul strong { font-weight: 600; } ul span { color: var(--muted); font-size: .875rem; }
.first, .first:hover { border-color: var(--accent); background: var(--accent); color: light-dark(#fff, #0e1836); }
.first span { color: inherit; }
label { font-weight: 550; }
.own { display: flex; gap: .5rem; margin-top: .25rem; }
input { flex: 1; min-width: 0; padding: .375rem .75rem; }
.error { margin: .5rem 0 0; color: light-dark(#a3261d, #ffa198); font-size: .875rem; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
@media (width <= 26rem) { main { padding: 1.25rem; } }`;

type PageParts = {
  /** Allows the page's own style under its policy. */
  nonce: string;
  /** Where to go with the token; null when that is no address of this machine. */
  target: URL | null;
  /** Goes back with the token. */
  state: string | null;
  error?: string;
};

function form(target: URL, state: string | null, error: string | undefined) {
  const hidden = html`<input type="hidden" name="return_to" value="${target.href}" />${
    state === null ? '' : html`<input type="hidden" name="state" value="${state}" />`
  }`;
  return html`<p>This is the sign-in page of your own machine: no password, only a name.</p>
    <form method="post" action="/sign-in">
      ${hidden}
      <ul>
        ${LEARNERS.map(
          ({ name, about }, index) => html`<li>
            <button name="learner" value="${name}" class="${index === 0 ? 'first' : ''}">
              <strong>${name}</strong><span>${about}</span>
            </button>
          </li>`,
        )}
      </ul>
    </form>
    <form method="post" action="/sign-in">
      ${hidden}
      <label for="learner">Somebody else</label>
      <div class="own">
        <input
          id="learner"
          name="learner"
          autocomplete="username"
          autocapitalize="none"
          spellcheck="false"
          maxlength="60"
          required
          ${error === undefined ? '' : raw('aria-invalid="true" aria-describedby="error"')}
        />
        <button>Sign in</button>
      </div>
      ${error === undefined ? '' : html`<p class="error" id="error" role="alert">${error}</p>`}
    </form>`;
}

/** The whole page, which works without any script. */
export function signInPage({ nonce, target, state, error }: PageParts) {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>Sign in · Study Paths</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <link rel="icon" href="data:," />
        <style nonce="${nonce}">
          ${raw(STYLE)}
        </style>
      </head>
      <body>
        <main>
          <h1>${target === null ? 'No way back' : 'Who is practising?'}</h1>
          ${
            target === null
              ? html`<p>
                  <code>return_to</code> has to be an address of this machine, as the app's own sign-in button sends it.
                </p>`
              : form(target, state, error)
          }
        </main>
      </body>
    </html>`;
}
