import '../design/tokens.css';
import '../design/page.css';
import '../design/components.css';
import { createRoot } from 'react-dom/client';
import { applyScheme } from '../design/scheme.ts';
import { applyLanguage } from '../language/language.ts';
import { StatusPage } from './StatusPage.tsx';

const root = document.getElementById('root');
if (!root) throw new Error('status.html has no #root');
applyScheme();
applyLanguage();
const slug = /^\/status\/([^/]+)/.exec(location.pathname)?.[1] ?? '';
createRoot(root).render(<StatusPage slug={slug} />);
