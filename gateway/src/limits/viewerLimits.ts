// How much of live subscriptions one viewer may have open in this process. Who has not signed in is told apart by
// their network.
import type { Session } from '../authentication/accessTokens.ts';
import { networkOf } from './network.ts';

export interface ViewerLimitsOptions {
  /** Most connections, WebSockets and event streams together. Default 200. */
  connections?: number;
  /** Most subscriptions over all of them. Default 1,000. */
  subscriptions?: number;
}

/** One connection's part. */
export interface Place {
  /** Whether one more subscription may open; counts it then. */
  subscribe(): boolean;
  unsubscribe(): void;
  /** The connection has closed. Subscriptions have to be given back before. */
  leave(): void;
}

export interface ViewerLimits {
  /** Counts a connection; undefined when the viewer has too many. */
  enter(session: Session, ipAddress: string | undefined): Place | undefined;
  readonly connections: number;
  readonly subscriptions: number;
}

/** What one viewer has open, for all of the viewer's connections. */
class ViewerPlace implements Place {
  connections = 0;
  #subscriptions = 0;
  readonly #most: number;
  readonly #onLeave: () => void;

  constructor(most: number, onLeave: () => void) {
    this.#most = most;
    this.#onLeave = onLeave;
  }

  subscribe(): boolean {
    if (this.#subscriptions >= this.#most) return false;
    this.#subscriptions += 1;
    return true;
  }

  unsubscribe(): void {
    this.#subscriptions -= 1;
  }

  leave(): void {
    this.connections -= 1;
    if (this.connections === 0) this.#onLeave();
  }
}

export function createViewerLimits(options: ViewerLimitsOptions = {}): ViewerLimits {
  const { connections = 200, subscriptions = 1_000 } = options;
  const places = new Map<string, ViewerPlace>();
  return {
    connections,
    subscriptions,
    enter({ viewer }, ipAddress) {
      const key = viewer.isAnonymous
        ? `network ${networkOf(ipAddress)}`
        : `viewer ${viewer.tenantId ?? ''} ${viewer.subject}`;
      const place = places.get(key) ?? new ViewerPlace(subscriptions, () => places.delete(key));
      if (place.connections >= connections) return undefined;
      place.connections += 1;
      places.set(key, place);
      return place;
    },
  };
}
