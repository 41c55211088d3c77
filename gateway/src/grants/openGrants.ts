// The parts of grants together, as the gateway starts them.
import type { Broker } from '@supergraph/chassis/broker';
import type { EventContracts } from '@supergraph/chassis/events';
import type { Health } from '@supergraph/chassis/health';
import type { Logger } from '@supergraph/chassis/logging';
import type { Outgoing } from '@supergraph/chassis/outgoing';
import type { PassportMint } from '@supergraph/chassis/passport';
import { createGrants, type Grants, type GrantsOptions } from './grants.ts';
import { createGrantsClient } from './grantsClient.ts';
import { type GrantsWatchOptions, watchGrants } from './watchGrants.ts';

export interface OpenGrants extends Pick<Grants, 'current' | 'onChange'> {
  stop(): Promise<void>;
}

export type GrantsBounds = Pick<GrantsOptions, 'lifetimeMs' | 'patienceMs' | 'retryMs'> &
  Pick<GrantsWatchOptions, 'pollMs' | 'quietPollMs'>;

export interface OpenGrantsOptions extends GrantsBounds {
  /** Where arthemiz.v1.Access is; undefined where nobody does, and tokens are believed until they expire. */
  address: string | undefined;
  mintPassport: PassportMint;
  outgoing: Outgoing;
  broker: Broker;
  contracts: EventContracts;
  logger: Logger;
  health: Health;
}

export function openGrants({
  address,
  mintPassport,
  outgoing,
  health,
  ...options
}: OpenGrantsOptions): OpenGrants {
  const { logger } = options;
  if (address === undefined) {
    logger.warn('ACCESS_ADDRESS is not set: a changed role holds only from the next access token on');
    return { current: (session) => session, onChange: () => () => undefined, stop: async () => undefined };
  }
  const client = createGrantsClient({ address, mintPassport, outgoing });
  const grants = createGrants({ client, ...options });
  const watch = watchGrants({ grants, client, ...options });
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
      client.close();
    },
  };
}
