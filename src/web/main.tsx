import { render } from 'preact';
// In the file of the shell, as all pages need it.
import './api/newest-path.ts';
import { App, preload } from './app.tsx';
import { watchOnline } from './kit/online.ts';
import { listenForShortcuts } from './kit/shortcuts.ts';
import { applyTheme } from './kit/theme.ts';
import { openSession } from './session/session.ts';
import './styles/tokens.css';
import './styles/base.css';
import './styles/layout.css';
import './styles/components.css';
import './styles/print.css';

applyTheme();
watchOnline();
listenForShortcuts();
openSession();
// Another front end may hand over a newer token to a tab that is already open.
window.addEventListener('hashchange', openSession);

// Not only once the first frame has been drawn: the page's code is there already, or on its way.
preload(window.location.pathname);
const root = document.getElementById('app');
if (root !== null) render(<App />, root);
