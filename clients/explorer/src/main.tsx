import './style.css';
import { createRoot } from 'react-dom/client';
import { App } from './page/App.tsx';
import { session } from './session.ts';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(<App />);

void session.start();
// Going back from the sign-in page shows this page as it was left; look again at where things stand.
addEventListener('pageshow', (event) => {
  if (event.persisted) void session.start();
});
