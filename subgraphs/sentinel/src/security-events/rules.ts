// What a security event says, out of the events of those who saw it.
import type { AnyCloudEvent, CloudEvent } from '@supergraph/chassis/events';

export const securityEventTypes = [
  'SIGN_IN_SUCCEEDED',
  'SIGN_IN_FAILED',
  'REFRESH_TOKEN_REUSED',
  'TOKEN_EXCHANGED',
  'CONSENT_GIVEN',
  'CODE_REUSED',
  'FIELD_DENIED',
  'ADDRESS_DENIED',
  'PRIVILEGE_GRANTED',
  'PRIVILEGE_TAKEN',
  'EXTERNAL',
] as const;

export type SecurityEventType = (typeof securityEventTypes)[number];

/** An access or a refused one, whoever saw it. */
export interface Access {
  readonly type: SecurityEventType;
  /** The person who did it or tried to; null when nobody is known, or a service client acted. */
  readonly actorId: string | null;
  readonly clientId: string | null;
  /** Whom it was done to, where that is somebody else than who did it. */
  readonly targetId?: string | null;
  readonly email: string | null;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  readonly reason: string | null;
  readonly operationName: string | null;
  readonly coordinates: readonly string[];
  readonly requestId: string | null;
  /** How often it happened. */
  readonly count: number;
  /** What another product told, of an event of type EXTERNAL. */
  readonly external?: ExternalAccess | null;
}

/** What another product said of an access, in OCSF's words. */
export interface ExternalAccess {
  readonly product: string;
  readonly className: string;
  readonly activity: string;
  /** Who did it, as the product calls them. */
  readonly actorName: string | null;
  /** The event as rules read it. */
  readonly event: Readonly<Record<string, unknown>>;
}

/** Null for what is no access. */
export function accessOf(event: AnyCloudEvent): Access | null {
  switch (event.type) {
    case 'arthemiz.sign-in.succeeded.v1':
    case 'arthemiz.sign-in.failed.v1':
      return signInOf(event);
    case 'arthemiz.refresh-token.reused.v1':
    case 'arthemiz.code.reused.v1':
      return reuseOf(event);
    case 'arthemiz.token.exchanged.v1':
    case 'arthemiz.consent.given.v1':
      return delegationOf(event);
    case 'gateway.field.denied.v1':
      return denialOf(event);
    case 'gateway.address.denied.v1':
      return addressDenialOf(event);
    default:
      return null;
  }
}

type SignInEvent = CloudEvent<'arthemiz.sign-in.succeeded.v1' | 'arthemiz.sign-in.failed.v1'>;

function signInOf({ type, data }: SignInEvent): Access {
  const { personId, clientId, email, ipAddress, userAgent, reason } = data;
  return {
    type: type === 'arthemiz.sign-in.succeeded.v1' ? 'SIGN_IN_SUCCEEDED' : 'SIGN_IN_FAILED',
    actorId: personId,
    clientId,
    email,
    ipAddress,
    userAgent,
    reason,
    operationName: null,
    coordinates: [],
    requestId: null,
    count: 1,
  };
}

type ReuseEvent = CloudEvent<'arthemiz.refresh-token.reused.v1' | 'arthemiz.code.reused.v1'>;

/** Who sent the token or code this time: the person or a thief, which nobody can tell. */
function reuseOf({ type, data }: ReuseEvent): Access {
  const { personId, clientId, ipAddress, userAgent } = data;
  return {
    type: type === 'arthemiz.code.reused.v1' ? 'CODE_REUSED' : 'REFRESH_TOKEN_REUSED',
    actorId: personId,
    clientId,
    email: null,
    ipAddress,
    userAgent,
    reason: null,
    operationName: null,
    coordinates: [],
    requestId: null,
    count: 1,
  };
}

type DelegationEvent = CloudEvent<'arthemiz.token.exchanged.v1' | 'arthemiz.consent.given.v1'>;

/** Somebody's client may act for a person from now on. */
function delegationOf({ type, data }: DelegationEvent): Access {
  const { personId, clientId, scope, ipAddress, userAgent } = data;
  return {
    type: type === 'arthemiz.token.exchanged.v1' ? 'TOKEN_EXCHANGED' : 'CONSENT_GIVEN',
    actorId: personId,
    clientId,
    email: null,
    ipAddress,
    userAgent,
    reason: scope === '' ? null : scope,
    operationName: null,
    coordinates: [],
    requestId: null,
    count: 1,
  };
}

function denialOf({ data, sampledrate }: CloudEvent<'gateway.field.denied.v1'>): Access {
  const { subject, clientId, isAnonymous, operationName, coordinates, requestId } = data;
  // A client that acts for itself is the subject of its own token (RFC 9068, 2.2).
  const isPerson = !isAnonymous && subject !== clientId;
  return {
    type: 'FIELD_DENIED',
    actorId: isPerson ? subject : null,
    clientId,
    email: null,
    ipAddress: null,
    userAgent: null,
    reason: null,
    operationName,
    coordinates,
    requestId,
    count: sampledrate ?? 1,
  };
}

/** Somebody may ask with a token that they stole; a client that acts for itself is no person. */
function addressDenialOf({ data, sampledrate }: CloudEvent<'gateway.address.denied.v1'>): Access {
  const { subject, clientId, ipAddress, requestId } = data;
  return {
    type: 'ADDRESS_DENIED',
    actorId: subject === clientId ? null : subject,
    clientId,
    email: null,
    ipAddress,
    userAgent: null,
    reason: null,
    operationName: null,
    coordinates: [],
    requestId,
    count: sampledrate ?? 1,
  };
}
