// Sessions that may be refused from one moment to the next, for a reason of their tenant's: whoever holds on to one is told.
import type { RequestFacts } from '@supergraph/chassis/context';
import type { PlatformError } from '@supergraph/chassis/errors';
import type { Session } from './accessTokens.ts';
import { endedSession } from './authenticate.ts';

export interface Admission {
  /** The session, as long as nothing is said against it. @throws PlatformError why it is refused */
  admit(session: Session, from: RequestFacts): Session;
  /** Something else may hold from now on for the tenant, or for all of them. */
  look(tenantId: string | null): void;
}

interface Watch {
  session: Session;
  from: RequestFacts;
  deny(refusal: PlatformError): void;
}

/** @param refusalOf why a session is refused there; undefined where it is not */
export function createAdmission(
  refusalOf: (session: Session, from: RequestFacts) => PlatformError | undefined,
): Admission {
  const watches = new Map<string, Set<Watch>>();

  function watch(given: Omit<Watch, 'deny'> & { listener: (next: Session) => void }): () => void {
    const { session, from, listener } = given;
    const key = session.viewer.tenantId ?? '';
    const ofTenant = watches.get(key) ?? new Set();
    const forgetChanges = session.onChange((next) => {
      watched.session = next;
      listener(next);
    });
    const forget = () => {
      forgetChanges();
      ofTenant.delete(watched);
      if (ofTenant.size === 0 && watches.get(key) === ofTenant) watches.delete(key);
    };
    const watched: Watch = {
      ...{ session, from },
      deny(refusal) {
        forget();
        listener(endedSession(refusal));
      },
    };
    watches.set(key, ofTenant.add(watched));
    // A change may have come between the session and this.
    setImmediate(() => ofTenant.has(watched) && lookAt(watched));
    return forget;
  }

  function lookAt(watched: Watch): void {
    const refusal = refusalOf(watched.session, watched.from);
    if (refusal !== undefined) watched.deny(refusal);
  }

  return {
    admit(session, from) {
      const refusal = refusalOf(session, from);
      if (refusal !== undefined) throw refusal;
      return { ...session, onChange: (listener) => watch({ session, from, listener }) };
    },
    look(tenantId) {
      const concerned = tenantId === null ? [...watches.values()] : [watches.get(tenantId) ?? []];
      for (const watched of concerned.flatMap((each) => [...each])) lookAt(watched);
    },
  };
}
