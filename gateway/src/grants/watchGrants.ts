// Hears of changed grants and networks: pushed by RabbitMQ to every gateway process, and listed by arthemiz whenever pushes may have
// been missed: at the start, when RabbitMQ is back, and again and again while it is away.
import type { Broker } from '@supergraph/chassis/broker';
import type { EventContracts } from '@supergraph/chassis/events';
import type { Logger } from '@supergraph/chassis/logging';
import type { AllowedNetworks } from '../networks/allowedNetworks.ts';
import type { Access } from './access.ts';
import { changeOf, complianceChanged, endedBy, endingEvents, grantEvents, networksOf } from './changes.ts';
import { type Grants, tokenLifetimeMs } from './grants.ts';

export interface GrantsWatch {
  /** Whether it is known which tokens still say what holds, asking arthemiz where it is not. */
  isKnown(): Promise<boolean>;
  stop(): Promise<void>;
}

export interface GrantsWatchOptions {
  grants: Grants;
  networks: AllowedNetworks;
  access: Pick<Access, 'changesSince' | 'networks'>;
  broker: Broker;
  contracts: EventContracts;
  logger: Logger;
  /** Pause between lists while pushes don't come. Default 1 s. */
  pollMs?: number;
  /** Pause between lists otherwise: it takes RabbitMQ's client some 20 s to notice a silent connection. Default 5 s. */
  quietPollMs?: number;
}

export function watchGrants(options: GrantsWatchOptions): GrantsWatch {
  const { grants, networks, access, broker, contracts, logger } = options;
  const { pollMs = 1_000, quietPollMs = 5_000 } = options;
  let isHearing = false;
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  let isAway = false;
  /** Until when every change of networks has been heard of. */
  let networksKnownAt = 0;

  async function list({ isNew }: { isNew: boolean }): Promise<void> {
    try {
      const askedAt = Date.now();
      const since = askedAt - tokenLifetimeMs;
      if (networksKnownAt < since) networks.listed(await access.networks());
      const recent = await access.changesSince(new Date(since));
      if (isStopped) return;
      for (const changed of recent.networks) networks.changed(changed);
      if (!recent.areNetworksComplete) networks.listed(await access.networks());
      networksKnownAt = askedAt;
      grants.listed(recent, { isNew });
      isAway = false;
    } catch (error) {
      if (!isAway) logger.warn({ err: error }, 'changed grants could not be listed; trying again');
      isAway = true;
    }
  }

  async function poll(given: { isNew: boolean }): Promise<void> {
    await list(given);
    clearTimeout(timer);
    if (isStopped) return;
    timer = setTimeout(
      () => void poll({ isNew: false }),
      isHearing && !isAway ? quietPollMs : pollMs,
    ).unref();
  }

  const listener = broker.listen({
    routingKeys: [...grantEvents, ...endingEvents, complianceChanged],
    ready() {
      isHearing = true;
      // What happened between the last list and now was pushed to nobody.
      void poll({ isNew: true });
    },
    lost() {
      isHearing = false;
      if (!isStopped) void poll({ isNew: false });
    },
    heard(body) {
      try {
        const event = contracts.check(body);
        const change = changeOf(event);
        if (change) grants.changed(change);
        const ended = endedBy(event);
        if (ended) grants.ended(ended);
        const changed = networksOf(event);
        if (changed) networks.changed(changed);
      } catch (error) {
        logger.error({ err: error }, 'a change of grants could not be read; listing all');
        void list({ isNew: true });
      }
    },
  });
  void poll({ isNew: false });

  return {
    async isKnown() {
      if (!grants.isKnown) await list({ isNew: false });
      return grants.isKnown;
    },
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await listener.close();
    },
  };
}
