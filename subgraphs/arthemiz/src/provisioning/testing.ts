// For tests only: arthemiz with the other subgraphs, and one of a later day that takes part in provisioning, too.
import { chassisConfig } from '@supergraph/chassis/config';
import { type RunningSubgraph, startSubgraph } from '@supergraph/chassis/subgraph';
import { acrossTenants } from '@supergraph/chassis/tenancy';
import { eventually, execute, type GraphqlResult, testViewer } from '@supergraph/chassis/testing';
import { sampleSubgraph } from '@supergraph/chassis/testing/sample-subgraph';
import { definition as sentinel } from '../../../sentinel/src/definition.ts';
import { definition as systemhealth } from '../../../systemhealth/src/definition.ts';
import type { Fixture } from '../testing/fixture.ts';

/** A part of the platform that every tenant watches. */
export const platformTargets = JSON.stringify([
  { slug: 'web', name: 'Web', kind: 'HTTP', url: 'http://127.0.0.1:9/' },
]);

export interface Vault extends RunningSubgraph {
  /** Tenants that it has something for. */
  readonly holds: Set<string>;
}

/** A subgraph that arthemiz knows nothing of. `open` throws where a test wants it to fail. */
export async function startVault(
  env: Readonly<Record<string, string>>,
  {
    open = () => undefined,
    holds = new Set(),
  }: { open?: (tenantId: string) => void; holds?: Set<string> } = {},
): Promise<Vault> {
  const running = await startSubgraph(
    {
      ...sampleSubgraph(),
      name: 'vault',
      config: chassisConfig,
      provisioning: [
        {
          name: 'box',
          description: 'Opens a box for the tenant.',
          async provision({ tenant }: { tenant: { id: string } }) {
            open(tenant.id);
            holds.add(tenant.id);
          },
          async compensate({ tenant }: { tenant: { id: string } }) {
            holds.delete(tenant.id);
          },
        },
      ],
    },
    env,
  );
  return { ...running, holds };
}

export const startSystemHealth = (env: Readonly<Record<string, string>>) =>
  startSubgraph(systemhealth, { ...env, PLATFORM_TARGETS: platformTargets });
export const startSentinel = (env: Readonly<Record<string, string>>) => startSubgraph(sentinel, env);

/** Waits until arthemiz has heard which steps these subgraphs have. */
export async function declared({ models }: Fixture, subgraphs: readonly string[]): Promise<void> {
  await eventually(async () => {
    const heard = (await models.StepDeclaration.find().lean()).map(({ _id }) => _id);
    return subgraphs.every((name) => heard.includes(name));
  });
}

export const provisioningOf = /* GraphQL */ `
  status
  provisioning {
    status
    finishedAt
    steps {
      name
      subgraph
      status
      attempts
      error
    }
  }
`;

/** Asks a subgraph as one of the tenant's own who may read everything. */
export function askAs(
  tenantId: string,
  {
    url,
    environment,
    audience,
    query,
  }: {
    url: string;
    environment: Fixture['environment'];
    audience: string;
    query: string;
  },
): Promise<GraphqlResult> {
  const permissions = ['tenant:read', 'role:read', 'service:read', 'check:read', 'security-event:read'];
  return execute({ url, environment, audience, query, viewer: testViewer({ tenantId, permissions }) });
}

/** The requests about a tenant's steps in the order in which they were told. */
export async function requestsAbout({ service }: Fixture, tenantId: string): Promise<string[]> {
  const told = await acrossTenants('a test looks at the outbox', () =>
    service.connection
      .collection('outbox')
      .find({ 'event.type': 'tenancy.step.requested.v1', 'event.subject': tenantId })
      .sort({ _id: 1 })
      .toArray(),
  );
  return told.map(({ event }) => `${event.data.action} ${event.data.subgraph}`);
}
