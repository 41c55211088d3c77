// All pages: where they are, what they take, and what shows them. Navigation and routes are read off this list.
import type { ComponentType } from 'react';
import { AccessMapPage } from '../access-map/AccessMapPage.tsx';
import { AccountPage } from '../account/AccountPage.tsx';
import { AlertRulesPage } from '../alert-rules/AlertRulesPage.tsx';
import { AlertPage } from '../alerts/AlertPage.tsx';
import { AlertsPage } from '../alerts/AlertsPage.tsx';
import { ApiKeysPage } from '../api-keys/ApiKeysPage.tsx';
import { ApplicationsPage } from '../applications/ApplicationsPage.tsx';
import { AuditPage } from '../audit/AuditPage.tsx';
import { CanariesPage } from '../canaries/CanariesPage.tsx';
import { DetectionRulePage } from '../detections/DetectionRulePage.tsx';
import { DetectionRulesPage } from '../detections/DetectionRulesPage.tsx';
import { DomainsPage } from '../domains/DomainsPage.tsx';
import { ElevationsPage } from '../elevations/ElevationsPage.tsx';
import { FindingPage } from '../findings/FindingPage.tsx';
import { FindingsPage } from '../findings/FindingsPage.tsx';
import { GroupsPage } from '../groups/GroupsPage.tsx';
import { OverviewPage } from '../health/OverviewPage.tsx';
import { ServicePage } from '../health/ServicePage.tsx';
import { IncidentPage } from '../incidents/IncidentPage.tsx';
import { IncidentsPage } from '../incidents/IncidentsPage.tsx';
import { InvitationsPage } from '../invitations/InvitationsPage.tsx';
import type { Catalogue } from '../language/catalogue.ts';
import { ExplorerPage } from '../metrics/ExplorerPage.tsx';
import { QueuesPage } from '../metrics/QueuesPage.tsx';
import { NotificationsPage } from '../notifications/NotificationsPage.tsx';
import { PeoplePage } from '../people/PeoplePage.tsx';
import { PersonPage } from '../people/PersonPage.tsx';
import { QuietPage } from '../quiet/QuietPage.tsx';
import { AllowListPage } from '../responses/AllowListPage.tsx';
import { PoliciesPage } from '../responses/PoliciesPage.tsx';
import { ResponsesPage } from '../responses/ResponsesPage.tsx';
import { RightSizingPage } from '../right-sizing/RightSizingPage.tsx';
import { RiskPage } from '../risk/RiskPage.tsx';
import { RolesPage } from '../roles/RolesPage.tsx';
import { ScimPage } from '../scim/ScimPage.tsx';
import { SecurityFeedPage } from '../security/SecurityFeedPage.tsx';
import { SeparationsPage } from '../separations/SeparationsPage.tsx';
import { ServiceClientsPage } from '../service-clients/ServiceClientsPage.tsx';
import { ConnectionPage } from '../single-sign-on/ConnectionPage.tsx';
import { ConnectionsPage } from '../single-sign-on/ConnectionsPage.tsx';
import { SlaPage } from '../sla/SlaPage.tsx';
import { SloPage } from '../slos/SloPage.tsx';
import { SlosPage } from '../slos/SlosPage.tsx';
import { StatusPageSettingsPage } from '../status-page/StatusPageSettingsPage.tsx';
import { SuppressionsPage } from '../suppressions/SuppressionsPage.tsx';
import { TenantPage } from '../tenant/TenantPage.tsx';
import { TenantOperationsPage } from '../tenants/TenantOperationsPage.tsx';
import { TenantsPage } from '../tenants/TenantsPage.tsx';

export interface Page {
  path: string;
  /** Where the navigation names it; null for a page that others lead to. */
  under: 'operations' | 'you' | 'tenant' | 'integrations' | 'platform' | null;
  title: (text: Catalogue) => string;
  /** Permissions of which each opens it; none for everybody who is signed in. */
  takes: readonly string[];
  component: ComponentType<{ params: Readonly<Record<string, string | undefined>> }>;
}

export const pages: readonly Page[] = [
  {
    path: '/health',
    under: 'operations',
    title: (text) => text.health.title,
    takes: ['service:read'],
    component: OverviewPage,
  },
  {
    path: '/services/:id',
    under: null,
    title: (text) => text.health.service,
    takes: ['service:read'],
    component: ServicePage,
  },
  {
    path: '/security',
    under: 'operations',
    title: (text) => text.security.title,
    takes: ['security-event:read'],
    component: SecurityFeedPage,
  },
  {
    path: '/alerts',
    under: 'operations',
    title: (text) => text.alerts.title,
    takes: ['alert:read'],
    component: AlertsPage,
  },
  {
    path: '/alerts/:id',
    under: null,
    title: (text) => text.alerts.one,
    takes: ['alert:read'],
    component: AlertPage,
  },
  {
    path: '/alert-rules',
    under: 'operations',
    title: (text) => text.alertRules.title,
    takes: ['alert-rule:read'],
    component: AlertRulesPage,
  },
  {
    path: '/notifications',
    under: 'operations',
    title: (text) => text.notifications.title,
    takes: ['notification-channel:read', 'notification:read', 'notification-policy:read'],
    component: NotificationsPage,
  },
  {
    path: '/quiet',
    under: 'operations',
    title: (text) => text.quiet.title,
    takes: ['maintenance-window:read', 'silence:read', 'inhibition:read'],
    component: QuietPage,
  },
  {
    path: '/queues',
    under: 'operations',
    title: (text) => text.metrics.queues,
    takes: ['metric:read'],
    component: QueuesPage,
  },
  {
    path: '/metrics',
    under: 'operations',
    title: (text) => text.metrics.explorer,
    takes: ['metric:read'],
    component: ExplorerPage,
  },
  {
    path: '/incidents',
    under: 'operations',
    title: (text) => text.incidents.title,
    takes: ['incident:read'],
    component: IncidentsPage,
  },
  {
    path: '/incidents/:id',
    under: null,
    title: (text) => text.incidents.one,
    takes: ['incident:read'],
    component: IncidentPage,
  },
  {
    path: '/slos',
    under: 'operations',
    title: (text) => text.slos.title,
    takes: ['slo:read'],
    component: SlosPage,
  },
  {
    path: '/slos/:id',
    under: null,
    title: (text) => text.slos.one,
    takes: ['slo:read'],
    component: SloPage,
  },
  {
    path: '/sla',
    under: 'operations',
    title: (text) => text.sla.title,
    takes: ['slo:read'],
    component: SlaPage,
  },
  {
    path: '/status-page',
    under: 'operations',
    title: (text) => text.statusPage.title,
    takes: ['status-page:read'],
    component: StatusPageSettingsPage,
  },
  {
    path: '/right-sizing',
    under: 'operations',
    title: (text) => text.rightSizing.title,
    takes: ['metric:read'],
    component: RightSizingPage,
  },
  {
    path: '/findings',
    under: 'operations',
    title: (text) => text.findings.title,
    takes: ['finding:read'],
    component: FindingsPage,
  },
  {
    path: '/findings/:id',
    under: null,
    title: (text) => text.findings.one,
    takes: ['finding:read'],
    component: FindingPage,
  },
  {
    path: '/detection-rules',
    under: 'operations',
    title: (text) => text.detections.title,
    takes: ['detection-rule:read'],
    component: DetectionRulesPage,
  },
  {
    path: '/detection-rules/:id',
    under: null,
    title: (text) => text.detections.one,
    takes: ['detection-rule:read'],
    component: DetectionRulePage,
  },
  {
    path: '/suppressions',
    under: 'operations',
    title: (text) => text.suppressions.title,
    takes: ['suppression:read'],
    component: SuppressionsPage,
  },
  {
    path: '/canaries',
    under: 'operations',
    title: (text) => text.canaries.title,
    takes: ['canary:read'],
    component: CanariesPage,
  },
  {
    path: '/responses',
    under: 'operations',
    title: (text) => text.responses.title,
    takes: ['response:read'],
    component: ResponsesPage,
  },
  {
    path: '/response-policies',
    under: 'operations',
    title: (text) => text.responses.policies.title,
    takes: ['response-policy:read'],
    component: PoliciesPage,
  },
  {
    path: '/allow-list',
    under: 'operations',
    title: (text) => text.responses.allowList.title,
    takes: ['allow-list-entry:read'],
    component: AllowListPage,
  },
  {
    path: '/risk',
    under: 'operations',
    title: (text) => text.risk.title,
    takes: ['finding:read'],
    component: RiskPage,
  },
  {
    path: '/access-map',
    under: 'operations',
    title: (text) => text.accessMap.title,
    takes: ['security-event:read'],
    component: AccessMapPage,
  },
  {
    path: '/audit',
    under: 'operations',
    title: (text) => text.audit.title,
    takes: ['audit-record:read'],
    component: AuditPage,
  },
  {
    path: '/account',
    under: 'you',
    title: (text) => text.account.title,
    takes: [],
    component: AccountPage,
  },
  {
    path: '/elevations',
    under: 'you',
    title: (text) => text.elevations.title,
    takes: [],
    component: ElevationsPage,
  },
  {
    path: '/people',
    under: 'tenant',
    title: (text) => text.people.title,
    takes: ['person:read'],
    component: PeoplePage,
  },
  {
    path: '/people/:id',
    under: null,
    title: (text) => text.people.title,
    takes: ['person:read'],
    component: PersonPage,
  },
  {
    path: '/invitations',
    under: 'tenant',
    title: (text) => text.invitations.title,
    takes: ['person:invite', 'invitation:read'],
    component: InvitationsPage,
  },
  {
    path: '/roles',
    under: 'tenant',
    title: (text) => text.roles.title,
    takes: ['role:read'],
    component: RolesPage,
  },
  {
    path: '/groups',
    under: 'tenant',
    title: (text) => text.groups.title,
    takes: ['role:read', 'group:read'],
    component: GroupsPage,
  },
  {
    path: '/separations',
    under: 'tenant',
    title: (text) => text.separations.title,
    takes: ['separation-of-duties:read'],
    component: SeparationsPage,
  },
  {
    path: '/tenant',
    under: 'tenant',
    title: (text) => text.tenant.title,
    takes: ['tenant:read'],
    component: TenantPage,
  },
  {
    path: '/domains',
    under: 'integrations',
    title: (text) => text.domains.title,
    takes: ['domain:read'],
    component: DomainsPage,
  },
  {
    path: '/single-sign-on',
    under: 'integrations',
    title: (text) => text.singleSignOn.title,
    takes: ['sso-connection:read'],
    component: ConnectionsPage,
  },
  {
    path: '/single-sign-on/:id',
    under: null,
    title: (text) => text.singleSignOn.title,
    takes: ['sso-connection:read'],
    component: ConnectionPage,
  },
  {
    path: '/provisioning',
    under: 'integrations',
    title: (text) => text.scim.title,
    takes: ['scim:read', 'scim:write'],
    component: ScimPage,
  },
  {
    path: '/api-keys',
    under: 'integrations',
    title: (text) => text.apiKeys.title,
    takes: ['api-key:read'],
    component: ApiKeysPage,
  },
  {
    path: '/service-clients',
    under: 'integrations',
    title: (text) => text.serviceClients.title,
    takes: ['service-client:read'],
    component: ServiceClientsPage,
  },
  {
    path: '/applications',
    under: 'integrations',
    title: (text) => text.applications.title,
    takes: ['registered-client:read'],
    component: ApplicationsPage,
  },
  {
    path: '/tenants',
    under: 'platform',
    title: (text) => text.tenants.title,
    takes: ['tenant:create'],
    component: TenantsPage,
  },
  {
    path: '/tenants/:id',
    under: null,
    title: (text) => text.tenants.title,
    takes: ['tenant:create'],
    component: TenantOperationsPage,
  },
];

/** Whether somebody with these permissions may see the page. */
export function isOpen({ takes }: Page, permissions: readonly string[]): boolean {
  return takes.length === 0 || takes.some((permission) => permissions.includes(permission));
}
