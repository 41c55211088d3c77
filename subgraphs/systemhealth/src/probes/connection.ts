// A probe that keeps its connection between asks, so that asking every two seconds costs one round trip.
import { unlessAborted } from '@supergraph/chassis/deadline';
import type { Answer, Probe } from './probe.ts';

export interface ConnectionProtocol<Connection> {
  /** Makes a connection object; it need not be connected before it is asked. */
  open(): Connection;
  /** One round trip that proves the target answers. */
  ask(connection: Connection, signal: AbortSignal): Promise<Answer>;
  /** Lets go of the connection, connected or not. Must not wait for the target. */
  close(connection: Connection): Promise<void> | void;
}

/**
 * Any failure throws the connection away. When a kept connection fails before the deadline, a new one decides:
 * a target that restarted between two asks is up, and one that was killed refuses the new connection at once.
 */
export function keepConnection<Connection>(protocol: ConnectionProtocol<Connection>): Probe {
  let kept: Connection | null = null;

  async function askOn(connection: Connection, signal: AbortSignal): Promise<Answer> {
    try {
      const answer = await unlessAborted(protocol.ask(connection, signal), signal);
      // Two asks at once may each have opened one; the first that answered is kept.
      kept ??= connection;
      if (kept !== connection) await protocol.close(connection);
      return answer;
    } catch (error) {
      if (kept === connection) kept = null;
      await protocol.close(connection);
      throw error;
    }
  }

  return {
    async ask(signal) {
      if (kept !== null) {
        try {
          return await askOn(kept, signal);
        } catch {
          signal.throwIfAborted();
        }
      }
      return askOn(protocol.open(), signal);
    },
    async close() {
      const last = kept;
      kept = null;
      if (last !== null) await protocol.close(last);
    },
  };
}
