// The parts of grants together, as the gateway starts them.
import type { Broker } from '@supergraph/chassis/broker';
import type { EventContracts } from '@supergraph/chassis/events';
import type { Health } from '@supergraph/chassis/health';
import type { Logger } from '@supergraph/chassis/logging';
import type { AllowedNetworks } from '../networks/allowedNetworks.ts';
import type { Access } from './access.ts';
import { createGrants, type Grants, type GrantsOptions } from './grants.ts';
import { type GrantsWatchOptions, watchGrants } from './watchGrants.ts';

export interface OpenGrants extends Pick<Grants, 'current' | 'onChange'> {
  stop(): Promise<void>;
}

export type GrantsBounds = Pick<GrantsOptions, 'lifetimeMs' | 'patienceMs' | 'retryMs'> &
  Pick<GrantsWatchOptions, 'pollMs' | 'quietPollMs'>;

export interface OpenGrantsOptions extends GrantsBounds {
  /** Undefined where nobody tells of grants, and tokens are believed until they expire. */
  access: Access | undefined;
  networks: AllowedNetworks;
  broker: Broker;
  contracts: EventContracts;
  logger: Logger;
  health: Health;
}

export function openGrants({ access, health, ...options }: OpenGrantsOptions): OpenGrants {
  const { logger } = options;
  if (access === undefined) {
    logger.warn(
      'ACCESS_ADDRESS is not set: a changed role, and the networks that a tenant allows, hold only from the next access token on',
    );
    return { current: (session) => session, onChange: () => () => undefined, stop: async () => undefined };
  }
  const grants = createGrants({ access, ...options });
  const watch = watchGrants({ grants, access, ...options });
  health.add({
    name: 'grants',
    necessity: 'required',
    check: async () => {
      if (!(await watch.isKnown())) throw new Error('arthemiz has not told which grants changed lately');
    },
  });
  return {
    current: grants.current,
    onChange: grants.onChange,
    async stop() {
      grants.stop();
      await watch.stop();
    },
  };
}
