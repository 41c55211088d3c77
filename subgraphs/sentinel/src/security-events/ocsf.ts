// A security event in the shape of OCSF 1.5 (https://schema.ocsf.io), which is what detection rules read.
import type { Place } from '../geography/rules.ts';
import type { LogSource, SigmaEvent } from '../sigma/index.ts';
import type { SecurityEventParent } from './model.ts';
import type { Access, SecurityEventType } from './rules.ts';

export interface Happened extends Access {
  readonly _id: string;
  readonly occurredAt: Date;
  /** Where it came from, as far as that is known. */
  readonly place?: Place | null;
}

interface OcsfClass {
  readonly category_uid: number;
  readonly class_uid: number;
  readonly class_name: string;
  readonly activity_id: number;
  readonly activity_name: string;
  /** 1: success, 2: failure. */
  readonly status_id: 1 | 2;
}

const authentication = { category_uid: 3, class_uid: 3002, class_name: 'Authentication' };
const authorization = { category_uid: 3, class_uid: 3003, class_name: 'Authorize Session' };
const userAccess = { category_uid: 3, class_uid: 3005, class_name: 'User Access Management' };
const apiActivity = { category_uid: 6, class_uid: 6003, class_name: 'API Activity' };
const other = (activity_name: string) => ({ activity_id: 99, activity_name });

const classes: Readonly<Record<Exclude<SecurityEventType, 'EXTERNAL'>, OcsfClass>> = {
  SIGN_IN_SUCCEEDED: { ...authentication, activity_id: 1, activity_name: 'Logon', status_id: 1 },
  SIGN_IN_FAILED: { ...authentication, activity_id: 1, activity_name: 'Logon', status_id: 2 },
  REFRESH_TOKEN_REUSED: { ...authentication, ...other('Refresh token reused'), status_id: 2 },
  CODE_REUSED: { ...authentication, ...other('Code reused'), status_id: 2 },
  TOKEN_EXCHANGED: { ...authorization, ...other('Token exchanged'), status_id: 1 },
  CONSENT_GIVEN: { ...authorization, ...other('Consent given'), status_id: 1 },
  PRIVILEGE_GRANTED: { ...userAccess, activity_id: 1, activity_name: 'Assign Privileges', status_id: 1 },
  PRIVILEGE_TAKEN: { ...userAccess, activity_id: 2, activity_name: 'Revoke Privileges', status_id: 1 },
  FIELD_DENIED: { ...apiActivity, ...other('Field denied'), status_id: 2 },
  ADDRESS_DENIED: { ...apiActivity, ...other('Address denied'), status_id: 2 },
};

/** What is not known is left out, so that rules can ask whether it exists. */
export function ocsfOf(event: Happened): SigmaEvent {
  if (event.external) return event.external.event;
  const { _id, type, actorId, email, clientId, ipAddress, userAgent, reason, operationName } = event;
  const seen = classOf(type);
  const fields = known({
    ...seen,
    type_uid: seen.class_uid * 100 + seen.activity_id,
    time: event.occurredAt.getTime(),
    metadata: { uid: _id, event_code: type, product: { name: ownProduct } },
    status_detail: reason,
    count: event.count,
    user: known({ uid: event.targetId ?? actorId, email_addr: email }),
    actor: known({ user: known({ uid: actorId }), app_uid: clientId }),
    src_endpoint: known({ ip: ipAddress, location: event.place ? locationOf(event.place) : null }),
    http_request: known({ user_agent: userAgent, uid: event.requestId }),
    api: known({ operation: operationName }),
    resources: event.coordinates.length === 0 ? null : event.coordinates.map((name) => ({ name })),
  });
  return fields ?? {};
}

function locationOf({ country, city, point }: Place): Record<string, unknown> | null {
  return known({ country, city, lat: point?.latitude ?? null, long: point?.longitude ?? null });
}

/** Where Sigma rules of single events say that they look: another product's events are that product's. */
export function logSourceOf({ type, external }: Pick<Access, 'type' | 'external'>): LogSource {
  const seen = external ? Number(external.event.class_uid) : classOf(type).class_uid;
  const product = external ? external.product.toLowerCase() : ownProduct;
  return { product, category: 'application', service: services[seen] };
}

/** What is said of an event in OCSF's words, whoever saw it. */
export function saidOf({ type, external }: Pick<SecurityEventParent, 'type' | 'external'>) {
  if (external) return external;
  const { class_name: className, activity_name: activity } = classOf(type);
  return { product: ownProduct, className, activity, actorName: null };
}

/** No other product calls itself so. */
export const ownProduct = 'supergraph';

const services: Readonly<Record<number, string>> = {
  3001: 'account',
  3002: 'authentication',
  3003: 'authorization',
  3005: 'account-management',
  3006: 'group',
  4001: 'network',
  4002: 'http',
  6003: 'api',
};

function classOf(type: SecurityEventType): OcsfClass {
  return type === 'EXTERNAL' ? { ...apiActivity, ...other('Unknown'), status_id: 1 } : classes[type];
}

/** What is said of all of it; null where that is nothing. It runs for each event, so it makes no lists on the way. */
function known(fields: Record<string, unknown>): Record<string, unknown> | null {
  let kept: Record<string, unknown> | null = null;
  for (const name of Object.keys(fields)) {
    const value = fields[name];
    if (value === null || value === undefined) continue;
    kept ??= {};
    kept[name] = value;
  }
  return kept;
}
