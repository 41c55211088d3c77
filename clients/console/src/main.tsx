import './design/tokens.css';
import './design/page.css';
import './design/components.css';
import { createRoot } from 'react-dom/client';
import { applyScheme } from './design/scheme.ts';
import { applyLanguage } from './language/language.ts';
import { session } from './session.ts';
import { App } from './shell/App.tsx';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
applyScheme();
applyLanguage();
createRoot(root).render(<App />);

void session.start();
// Going back from the sign-in page shows this page as it was left; look again at where things stand.
addEventListener('pageshow', (event) => {
  if (event.persisted) void session.start();
});
