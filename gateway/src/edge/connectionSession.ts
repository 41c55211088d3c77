// Who speaks over a WebSocket: by the token that it came with, until that expires or another takes its place.
import { rateLimited } from '@supergraph/chassis/errors';
import { maskError } from '@supergraph/chassis/masking';
import type { GraphQLFormattedError } from 'graphql';
import { CloseCode, MessageType } from 'graphql-ws';
import type { Session } from '../authentication/accessTokens.ts';
import type { Credentials } from '../authentication/credentials.ts';
import { onExpiry } from '../authentication/expiry.ts';
import { TokenBucket } from '../limits/tokenBucket.ts';
import type { Place } from '../limits/viewerLimits.ts';
import { credentialsIn, openingOf, renewedPayload, speaksForSame } from './authorizationPayload.ts';
import type { ConnectionOptions, Line } from './connection.ts';

export interface ConnectionSession {
  /** Undefined until the connection has been initialised, and after its end. */
  readonly current: Session | undefined;
  /** The connection's place among those of its viewer, for as long. */
  readonly place: Place | undefined;
  /** Answers connection_init. */
  initialise(payload: unknown): Promise<void>;
  /** Answers a ping with a fresh token, which is to count before the one before expires. */
  renew(credentials: Credentials): Promise<void>;
  end(): void;
}

export type ConnectionSessionOptions = Pick<
  ConnectionOptions,
  'authenticate' | 'credentials' | 'uri' | 'request' | 'viewerLimits' | 'logger'
> & {
  line: Line;
  /** How long a client may take to initialise. */
  initialisationMs: number;
  /** Told of the session that holds from now on, in place of another. */
  onChange(session: Session): void;
  /** Counts what a fresh token may open anew. @returns milliseconds to wait before; 0 where it was counted */
  countRenewal(): number;
};

const tryAgainLater = 1013;
/** Clients take it for a reason not to try again by themselves. */
const tooManyConnections = CloseCode.TooManyInitialisationRequests;

export function openConnectionSession(options: ConnectionSessionOptions): ConnectionSession {
  const { line, logger, authenticate, onChange, countRenewal, initialisationMs } = options;
  const renewals = new TokenBucket({ perSecond: 1, burst: 10 });
  let hasInitialised = false;
  let current: Session | undefined;
  let place: Place | undefined;
  let forget: () => void = () => undefined;
  const initialisation = setTimeout(
    () => line.close(CloseCode.ConnectionInitialisationTimeout, 'Connection initialisation timeout'),
    initialisationMs,
  );

  function hold(verified: Session): void {
    forget();
    current = verified;
    const forgetExpiry = onExpiry(verified, () =>
      line.close(CloseCode.Forbidden, 'The access token has expired'),
    );
    const forgetChange = verified.onChange(change);
    forget = () => {
      forgetExpiry();
      forgetChange();
    };
  }

  function change(next: Session): void {
    if (line.isOver) return;
    if (next.refusal) refuse(next.refusal);
    else {
      current = next;
      onChange(next);
    }
  }

  function refuse(error: unknown): void {
    const { message, extensions } = maskError(error, logger);
    const isForGood = extensions?.code === 'UNAUTHENTICATED' || extensions?.code === 'FORBIDDEN';
    line.close(isForGood ? CloseCode.Forbidden : tryAgainLater, message.slice(0, 100));
  }

  return {
    get current() {
      return current;
    },
    get place() {
      return place;
    },

    async initialise(payload) {
      if (hasInitialised)
        return line.close(CloseCode.TooManyInitialisationRequests, 'Too many initialisation requests');
      hasInitialised = true;
      clearTimeout(initialisation);
      let verified: Session;
      try {
        verified = await authenticate(credentialsIn(payload, openingOf(options)) ?? options.credentials);
      } catch (error) {
        return refuse(error);
      }
      if (line.isOver) return;
      place = options.viewerLimits.enter(verified, options.request.ipAddress);
      if (place === undefined) return line.close(tooManyConnections, 'Too many connections');
      hold(verified);
      line.send({ type: MessageType.ConnectionAck });
    },

    async renew(credentials) {
      const before = current;
      if (before === undefined) return line.close(CloseCode.Unauthorized, 'Unauthorized');
      const waitMs = renewals.take() ? countRenewal() : 1_000;
      if (waitMs > 0) return line.send(renewedPayload({ errors: [tooManyTokens(waitMs)] }));
      let verified: Session;
      try {
        verified = await authenticate(credentials);
      } catch (error) {
        return line.send(renewedPayload({ errors: [maskError(error, logger)] }));
      }
      if (line.isOver) return;
      if (!speaksForSame(before, verified))
        return line.close(CloseCode.Forbidden, 'The access token is another’s');
      hold(verified);
      onChange(verified);
      line.send(renewedPayload({ session: verified }));
    },

    end() {
      clearTimeout(initialisation);
      forget();
      current = undefined;
      place?.leave();
      place = undefined;
    },
  };
}

/** Each fresh token may open all subscriptions of the connection anew. */
function tooManyTokens(waitMs: number): GraphQLFormattedError {
  const retryAfterSeconds = Math.ceil(waitMs / 1_000);
  const message = `One connection takes one fresh token a second, and fewer the more subscriptions it has. Wait ${retryAfterSeconds} s and send it again.`;
  return rateLimited(message, { extensions: { retryAfterSeconds } }).toJSON();
}
