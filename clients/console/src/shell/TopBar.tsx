import type { SessionState } from '@supergraph/session/session';
import { Button } from '../design/Button.tsx';
import { useText } from '../language/language.ts';
import { session } from '../session.ts';
import { Preferences } from './Preferences.tsx';

export function TopBar({ phase }: { phase: SessionState['phase'] }) {
  const text = useText();
  return (
    <header>
      <span className="brand">
        <img src={`${import.meta.env.BASE_URL}favicon.svg`} alt="" width="22" height="22" />
        {text.product}
      </span>
      <Preferences />
      {phase === 'signed-in' && <Button onClick={session.signOut}>{text.shell.signOut}</Button>}
    </header>
  );
}
