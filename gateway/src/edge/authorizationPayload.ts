// Tokens within the graphql-transport-ws protocol: in connection_init, and in a ping by which a client shows a fresh
// one on a connection that stands.
import type { RequestFacts } from '@supergraph/chassis/context';
import type { GraphQLFormattedError } from 'graphql';
import { MessageType, type PongMessage } from 'graphql-ws';
import type { Session } from '../authentication/accessTokens.ts';
import type { Credentials } from '../authentication/credentials.ts';

/** The request that opened the socket. */
export interface OpeningRequest extends RequestFacts {
  /** The address that it asked. */
  uri: string;
}

export const openingOf = (options: { uri: string; request: RequestFacts }): OpeningRequest => {
  const { ipAddress, requestId } = options.request;
  return { uri: options.uri, ipAddress, requestId };
};

/**
 * The credentials in a payload, named as HTTP's headers are; undefined where it holds no `authorization`. A proof of
 * possession is for the request that opened the socket: a GET of its address.
 */
export function credentialsIn(payload: unknown, { uri, ...from }: OpeningRequest): Credentials | undefined {
  if (typeof payload !== 'object' || payload === null) return undefined;
  const authorization = textIn(payload, 'authorization');
  if (authorization === undefined) return undefined;
  const jwt = textIn(payload, 'dpop');
  return { ...from, authorization, proof: jwt === undefined ? undefined : { jwt, method: 'GET', uri } };
}

function textIn(payload: object, wanted: string): string | undefined {
  // Clients differ in how they write it; HTTP's header has no case either.
  const entry = Object.entries(payload).find(([name]) => name.toLowerCase() === wanted);
  const value = entry?.[1];
  if (value === undefined || value === null) return undefined;
  // What is there and no text is a wrong header, which never counts as none.
  return typeof value === 'string' ? value : '';
}

/** Answers a ping with a token: until when the connection may stay now, or why it stays as it was. */
export function renewedPayload(
  outcome: { session: Session } | { errors: readonly GraphQLFormattedError[] },
): PongMessage {
  const authorization =
    'session' in outcome ? { expiresAt: timeOf(outcome.session) } : { errors: outcome.errors };
  return { type: MessageType.Pong, payload: { authorization } };
}

/** Whether a token is of whom the connection is: nobody's subscriptions become another's. */
export function speaksForSame({ viewer: a }: Session, { viewer: b }: Session): boolean {
  return a.subject === b.subject && a.tenantId === b.tenantId && a.clientId === b.clientId;
}

function timeOf({ expiresAt }: Session): string | null {
  return Number.isFinite(expiresAt) ? new Date(expiresAt).toISOString() : null;
}
