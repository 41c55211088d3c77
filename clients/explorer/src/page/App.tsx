import { lazy, Suspense, useSyncExternalStore } from 'react';
import { session } from '../session.ts';
import { SignedOut } from './SignedOut.tsx';
import { TopBar } from './TopBar.tsx';

// The editor weighs megabytes: it is fetched once somebody is signed in, and the sign-in page appears at once.
const Workbench = lazy(() => import('./Workbench.tsx'));

export function App() {
  const state = useSyncExternalStore(session.subscribe, session.state);
  return (
    <>
      <TopBar phase={state.phase} />
      <main>
        {state.phase === 'signed-out' && <SignedOut failure={state.failure} />}
        {state.phase === 'signed-in' && (
          <Suspense fallback={<p className="waiting">Loading the editor…</p>}>
            <Workbench />
          </Suspense>
        )}
        {state.phase === 'starting' && <p className="waiting">Checking your session…</p>}
        {state.phase === 'leaving' && <p className="waiting">Going to the identity provider…</p>}
      </main>
    </>
  );
}
