import { useSyncExternalStore } from 'react';
import { Provider } from 'urql';
import { Announcement } from '../design/Announcement.tsx';
import { useText } from '../language/language.ts';
import { platform } from '../platform/platform.ts';
import { session } from '../session.ts';
import { SignedIn } from './SignedIn.tsx';
import { SignedOut } from './SignedOut.tsx';
import { TopBar } from './TopBar.tsx';

export function App() {
  const text = useText();
  const state = useSyncExternalStore(session.subscribe, session.state);
  return (
    <div className="shell">
      <a className="skip" href="#content">
        {text.shell.skip}
      </a>
      <TopBar phase={state.phase} />
      {state.phase === 'signed-in' ? (
        <Provider value={platform}>
          <SignedIn />
        </Provider>
      ) : (
        <main id="content" className="alone">
          {state.phase === 'signed-out' && <SignedOut failure={state.failure} />}
          {state.phase === 'starting' && <p className="waiting">{text.waiting.session}</p>}
          {state.phase === 'leaving' && <p className="waiting">{text.waiting.leaving}</p>}
        </main>
      )}
      <Announcement />
    </div>
  );
}
