import type { SessionState } from '@supergraph/session/session';
import { useEffect, useState } from 'react';
import { type Account, fetchAccount } from '../graphql/account.ts';
import { session } from '../session.ts';

export function TopBar({ phase }: { phase: SessionState['phase'] }) {
  const account = useAccount(phase);
  return (
    <header className="top-bar">
      <h1>
        <img src={`${import.meta.env.BASE_URL}favicon.svg`} alt="" width="22" height="22" />
        Supergraph explorer
      </h1>
      {account && (
        <p className="account">
          <span title={account.email ?? undefined}>{account.name}</span>
          {account.tenant && <span className="tenant">{account.tenant}</span>}
        </p>
      )}
      {phase === 'signed-in' && (
        <button type="button" onClick={session.signOut}>
          Sign out
        </button>
      )}
      {phase === 'signed-out' && (
        <button type="button" className="primary" onClick={session.signIn}>
          Sign in
        </button>
      )}
    </header>
  );
}

/** The account while somebody is signed in; null before it is known and when the platform can't tell. */
function useAccount(phase: SessionState['phase']): Account | null {
  const [account, setAccount] = useState<Account | null>(null);
  useEffect(() => {
    if (phase !== 'signed-in') return setAccount(null);
    let isCurrent = true;
    fetchAccount(location.origin, session).then(
      (found) => isCurrent && setAccount(found),
      // The editor beside it shows why the platform does not answer; the name is only missing.
      () => undefined,
    );
    return () => {
      isCurrent = false;
    };
  }, [phase]);
  return account;
}
