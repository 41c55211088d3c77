// Access events as a busy tenant has them, and rules that look at them.
import type { CloudEvent, EventContracts, EventData, EventType } from '@supergraph/chassis/events';
import { inTenant } from '@supergraph/chassis/tenancy';
import type { Sentinel } from '../../subgraphs/sentinel/src/context.ts';
import { builtInRules } from '../../subgraphs/sentinel/src/detections/built-in/index.ts';

type Told = { [T in EventType]: { type: T; data: EventData[T] } }[EventType];

const people = 2_000;
const addresses = 500;

/** 70 sign-ins in a hundred, 10 that fail, 10 exchanges of a token, 10 denied fields: of 2,000 people at 500 addresses. */
export function accessEvent(
  contracts: EventContracts,
  { tenantId, place }: { tenantId: string; place: number },
): CloudEvent {
  const { type, data } = told(place);
  return contracts.create(type, { tenantId, data });
}

function told(place: number): Told {
  const who = (place * 7_919) % people;
  const ipAddress = `203.0.${Math.floor(((place * 104_729) % addresses) / 250)}.${(place * 104_729) % 250}`;
  const from = { ipAddress, userAgent: 'Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0' };
  const by = { personId: `per_${who}`, clientId: 'explorer' };
  const signIn = { ...by, ...from, email: `${who}***@acme.test` };
  switch (place % 10) {
    case 0:
      return { type: 'arthemiz.sign-in.failed.v1', data: { ...signIn, reason: 'wrong-password' } };
    case 1:
      return {
        type: 'arthemiz.token.exchanged.v1',
        data: {
          ...by,
          ...from,
          sessionId: `ses_${who}`,
          scope: 'openid',
          expiresAt: '2030-01-01T00:00:00.000Z',
        },
      };
    case 2:
      return {
        type: 'gateway.field.denied.v1',
        data: {
          ...{ subject: by.personId, clientId: 'explorer', isAnonymous: false, operationName: 'Welcome' },
          ...{ coordinates: ['SecurityEvent.type', 'Person.email'], requestId: `r-${place}` },
        },
      };
    default:
      return { type: 'arthemiz.sign-in.succeeded.v1', data: { ...signIn, reason: null } };
  }
}

/** Rules of the tenant's own beside everybody's, so that there are so many: tests of single events, and counts of them. */
export async function addRules({ models }: Sentinel, tenantId: string, count: number): Promise<void> {
  const now = new Date();
  const own = Array.from({ length: count - builtInRules.length }, (_, place) => ({
    ...{ sigma: place % 4 === 0 ? counting(place) : single(place), examples: [], isEnabled: true },
    ...{ createdAt: now, changedAt: now },
  }));
  await inTenant(tenantId, () => models.DetectionRule.insertMany(own));
}

const single = (place: number) => `title: Agent ${place}
logsource: { product: supergraph, service: authentication }
detection:
  selection:
    class_uid: 3002
    http_request.user_agent|contains: ['agent-${place}', 'tool-${place}', 'sqlmap/${place}']
  filter:
    src_endpoint.ip|cidr: 10.${place}.0.0/16
  condition: selection and not filter
`;

const counting = (place: number) => `title: Denied again and again ${place}
correlation:
  type: event_count
  rules: [denied]
  group-by: [actor.user.uid]
  timespan: ${place + 5}m
  condition: { gte: ${200 + place} }
---
title: Denied a field
name: denied
logsource: { product: supergraph, service: api }
detection:
  selection: { metadata.event_code: FIELD_DENIED, api.operation: 'Welcome${place}' }
  condition: selection
`;
