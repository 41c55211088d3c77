import { Link, useLocation } from 'wouter';
import { useText } from '../language/language.ts';
import { isOpen, pages } from './pages.tsx';
import { useViewer } from './viewer.ts';

const sections = ['operations', 'you', 'tenant', 'integrations', 'platform'] as const;

/** The pages that the person may see. */
export function Navigation() {
  const text = useText();
  const { permissions } = useViewer();
  const [location] = useLocation();
  return (
    <nav aria-label={text.shell.navigation}>
      {sections.map((section) => {
        const shown = pages.filter((page) => page.under === section && isOpen(page, permissions));
        if (shown.length === 0) return null;
        return (
          <div key={section}>
            <h2>{text.shell[section]}</h2>
            <ul>
              {shown.map(({ path, title }) => (
                <li key={path}>
                  <Link href={path} aria-current={isAt(location, path) ? 'page' : undefined}>
                    {title(text)}
                  </Link>
                </li>
              ))}
            </ul>
          </div>
        );
      })}
      <ul>
        <li>
          <a href="/explorer/">{text.shell.explorer}</a>
        </li>
      </ul>
    </nav>
  );
}

function isAt(location: string, path: string): boolean {
  return location === path || location.startsWith(`${path}/`);
}
