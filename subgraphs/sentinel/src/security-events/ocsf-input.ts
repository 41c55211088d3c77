// Accesses that other products tell of, as events of OCSF 1.5 (https://schema.ocsf.io): what is taken of them, and what it
// says in our words. Pure.
import { z } from 'zod';
import { ownProduct } from './ocsf.ts';
import type { Access } from './rules.ts';

/** Most of one event, as JSON. */
export const mostEventBytes = 8_192;
const mostDeep = 8;

const classes: Readonly<Record<number, string>> = {
  3001: 'Account Change',
  3002: 'Authentication',
  3003: 'Authorize Session',
  3005: 'User Access Management',
  3006: 'Group Management',
  4001: 'Network Activity',
  4002: 'HTTP Activity',
  6003: 'API Activity',
};
/** Of Authentication alone: those of other classes differ, and are said by activity_name. */
const authenticationActivities: Readonly<Record<number, string>> = { 1: 'Logon', 2: 'Logoff' };

const text = (most: number) => z.string().min(1).max(most);
const user = z.looseObject({
  uid: text(200).optional(),
  name: text(200).optional(),
  email_addr: text(320).optional(),
});

/** What is not named here is kept as it is, within the bound of the whole, and rules read it too. */
export const ocsfEvent = z.looseObject({
  class_uid: z.number().refine((uid) => uid in classes, {
    error: `is a class that is not taken; those are ${Object.keys(classes).join(', ')}`,
  }),
  class_name: text(100).optional(),
  activity_id: z.int().min(0).max(99),
  activity_name: text(100).optional(),
  time: z.int().min(0).max(8_640_000_000_000_000),
  status_id: z.int().min(0).max(99).optional(),
  status_detail: text(500).optional(),
  count: z.int().min(1).max(1_000_000_000).optional(),
  metadata: z.looseObject({
    uid: text(150),
    product: z.looseObject({
      name: text(100).refine((name) => name.toLowerCase() !== ownProduct, {
        error: `is ours: events of ${ownProduct} come from itself`,
      }),
    }),
  }),
  user: user.optional(),
  actor: z.looseObject({ user: user.optional(), app_uid: text(200).optional() }).optional(),
  src_endpoint: z.looseObject({ ip: z.union([z.ipv4(), z.ipv6()]).optional() }).optional(),
  http_request: z.looseObject({ user_agent: text(1_000).optional(), uid: text(200).optional() }).optional(),
  api: z.looseObject({ operation: text(200).optional() }).optional(),
});

export type OcsfEvent = z.output<typeof ocsfEvent>;

export interface Refusal {
  readonly line: number;
  readonly uid: string | null;
  readonly path: string;
  readonly message: string;
}

export type ReadEvent = { readonly event: OcsfEvent } | { readonly refusal: Refusal };

/** One line of what was sent. */
export function readEvent(json: string, line: number): ReadEvent {
  const refusal = (path: string, message: string, uid: string | null = null): ReadEvent => ({
    refusal: { line, uid, path, message },
  });
  if (Buffer.byteLength(json) > mostEventBytes) return refusal('', `is longer than ${mostEventBytes} bytes`);
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return refusal('', 'is not JSON');
  }
  if (depthOf(value) > mostDeep) return refusal('', `nests deeper than ${mostDeep}`);
  const parsed = ocsfEvent.safeParse(value);
  if (parsed.success) return { event: parsed.data };
  const [issue] = parsed.error.issues;
  const uid = z.object({ metadata: z.object({ uid: z.string().max(150) }) }).safeParse(value);
  return refusal(issue?.path.join('.') ?? '', issue?.message ?? 'is no event', uid.data?.metadata.uid);
}

/** In our words. Who is meant by an id of ours is the person of that id. */
export function externalAccess(event: OcsfEvent): Access {
  const { class_uid, activity_id, metadata, actor, src_endpoint, http_request, api } = event;
  const who = actor?.user ?? event.user;
  const className = event.class_name ?? classes[class_uid] ?? 'Base Event';
  const known = class_uid === 3002 ? authenticationActivities[activity_id] : undefined;
  return {
    type: 'EXTERNAL',
    actorId: who?.uid !== undefined && /^per_[\w-]{1,60}$/.test(who.uid) ? who.uid : null,
    clientId: actor?.app_uid ?? null,
    email: who?.email_addr === undefined ? null : masked(who.email_addr),
    ipAddress: src_endpoint?.ip ?? null,
    userAgent: http_request?.user_agent ?? null,
    reason: event.status_detail ?? null,
    operationName: api?.operation ?? null,
    coordinates: [],
    requestId: http_request?.uid ?? null,
    count: event.count ?? 1,
    external: {
      ...{ product: metadata.product.name, className, activity: event.activity_name ?? known ?? 'Other' },
      ...{ actorName: who?.name ?? who?.uid ?? null, event },
    },
  };
}

/** By which it is taken once in a tenant. */
export function eventIdOf({ metadata }: OcsfEvent): string {
  return `ext_${metadata.uid}`;
}

/** The first letter and the domain, as arthemiz tells addresses. */
function masked(email: string): string {
  const at = email.lastIndexOf('@');
  return at < 1 ? '***' : `${email.slice(0, 1)}***${email.slice(at)}`;
}

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}
