// Changes of what somebody may do, as arthemiz tells them: by its events, and when it is asked.
import type { AnyCloudEvent, EventType } from '@supergraph/chassis/events';
import type { TenantNetworks } from '../networks/allowedNetworks.ts';

export interface GrantChange {
  tenantId: string;
  /** Whose grants changed; null for everybody's in the tenant. */
  subject: string | null;
  /** Milliseconds since the epoch. */
  changedAt: number;
  /** What somebody may have lost by it. */
  rolesRemoved: readonly string[];
  permissionsRemoved: readonly string[];
}

export const grantEvents = [
  'arthemiz.role.updated.v1',
  'arthemiz.person.roles-changed.v1',
  'arthemiz.service-client.updated.v1',
  'arthemiz.service-client.deleted.v1',
  'arthemiz.group.updated.v1',
  'arthemiz.group.deleted.v1',
  'arthemiz.tenant.suspended.v1',
  'arthemiz.tenant.resumed.v1',
  'arthemiz.tenant.deletion-scheduled.v1',
  'arthemiz.tenant.deletion-cancelled.v1',
] as const satisfies EventType[];

export const complianceChanged = 'arthemiz.tenant.compliance-changed.v1' satisfies EventType;

/** The networks that a tenant allows, as an event tells them; undefined for one that says nothing of them. */
export function networksOf(event: AnyCloudEvent): TenantNetworks | undefined {
  if (event.type !== complianceChanged) return undefined;
  const { allowedNetworks: networks, networksChangedAt } = event.data;
  const changedAt = networksChangedAt === null ? 0 : Date.parse(networksChangedAt);
  return { tenantId: event.tenantid, networks, changedAt };
}

export const endingEvents = [
  'arthemiz.session.ended.v1',
  'arthemiz.registered-client.deleted.v1',
] as const satisfies EventType[];

/** A session, or a registered client, whose tokens are worth nothing in a tenant any more. */
export interface Ended {
  tenantId: string;
  /** The tokens' `sid` or `client_id`: no session has the id of a client. */
  id: string;
}

/** What an event says has ended; undefined for one that says so of nothing. */
export function endedBy(event: AnyCloudEvent): Ended | undefined {
  const { tenantid: tenantId } = event;
  switch (event.type) {
    case 'arthemiz.session.ended.v1':
      return { tenantId, id: event.data.sessionId };
    case 'arthemiz.registered-client.deleted.v1':
      return { tenantId, id: event.data.clientId };
    default:
      return undefined;
  }
}

/** What an event says of grants; undefined for one that says nothing of them. */
export function changeOf(event: AnyCloudEvent): GrantChange | undefined {
  const about = { tenantId: event.tenantid, changedAt: Date.parse(event.time) };
  switch (event.type) {
    case 'arthemiz.role.updated.v1':
      return { ...about, subject: null, rolesRemoved: [], permissionsRemoved: event.data.permissionsRemoved };
    case 'arthemiz.person.roles-changed.v1': {
      const { personId, rolesRemoved, permissionsRemoved } = event.data;
      return { ...about, subject: personId, rolesRemoved, permissionsRemoved };
    }
    case 'arthemiz.service-client.updated.v1':
    case 'arthemiz.service-client.deleted.v1': {
      const { clientId, rolesRemoved, permissionsRemoved } = event.data;
      return { ...about, subject: clientId, rolesRemoved, permissionsRemoved };
    }
    case 'arthemiz.group.updated.v1':
    case 'arthemiz.group.deleted.v1':
    case 'arthemiz.tenant.suspended.v1':
    case 'arthemiz.tenant.deletion-scheduled.v1': {
      const { rolesRemoved, permissionsRemoved } = event.data;
      return { ...about, subject: null, rolesRemoved, permissionsRemoved };
    }
    case 'arthemiz.tenant.resumed.v1':
    case 'arthemiz.tenant.deletion-cancelled.v1':
      return { ...about, subject: null, rolesRemoved: [], permissionsRemoved: [] };
    default:
      return undefined;
  }
}

export interface RecentChanges {
  changes: readonly GrantChange[];
  ended: readonly Ended[];
  /** False where there are more than can be told. */
  isComplete: boolean;
  networks: readonly TenantNetworks[];
  /** As `isComplete`, of the networks. */
  areNetworksComplete: boolean;
}

/** What somebody may do in a tenant now. */
export interface Standing {
  roles: readonly string[];
  permissions: readonly string[];
}
