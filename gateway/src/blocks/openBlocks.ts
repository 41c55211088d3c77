// Blocks as the gateway starts them: hears of them by RabbitMQ, lists them whenever something may have been missed, and lets
// in nobody who is blocked.
import type { Broker } from '@supergraph/chassis/broker';
import type { EventContracts } from '@supergraph/chassis/events';
import type { PassportMint } from '@supergraph/chassis/passport';
import type { ServiceFrame } from '@supergraph/chassis/service-frame';
import type { Authenticate } from '../authentication/authenticate.ts';
import { createAccessRules } from './accessRules.ts';
import { endOf, listAccessRules } from './listAccessRules.ts';

export interface BlocksBounds {
  /** Pause between lists while events don't come, or sentinel doesn't answer. Default 1 s. */
  pollMs?: number;
  /** Pause between lists otherwise. Default 30 s. */
  quietPollMs?: number;
  /** How long somebody waits at the start until it is known who is blocked. Default 2 s. */
  patienceMs?: number;
}

export interface BlocksOptions extends Pick<ServiceFrame, 'logger' | 'outgoing' | 'health' | 'opened'> {
  broker: Broker;
  contracts: EventContracts;
  mintPassport: PassportMint;
  authenticate: Authenticate;
  /** The GraphQL endpoints of the subgraphs that are served now, by name. */
  subgraphUrls(): ReadonlyMap<string, string>;
  bounds: BlocksBounds | undefined;
}

const changed = 'sentinel.access-rule.changed.v1';

/** @returns what lets in as `authenticate` does, but nobody who is blocked */
export function openBlocks(options: BlocksOptions): Authenticate {
  const { logger, health, opened, broker, contracts, mintPassport, authenticate, bounds = {} } = options;
  const { pollMs = 1_000, quietPollMs = 30_000, patienceMs = 2_000 } = bounds;
  const rules = createAccessRules({ patienceMs });
  const http = options.outgoing.http('access-rules', { deadlineMs: 2_000, breakForMs: 500 });
  const url = () => options.subgraphUrls().get('sentinel');
  let isHearing = false;
  let isAway = false;
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;

  async function list(): Promise<void> {
    const askedAt = performance.now();
    try {
      const all = await listAccessRules({ url, http, mintPassport });
      if (isStopped) return;
      rules.listed(all, { askedAt });
      isAway = false;
    } catch (error) {
      if (!isAway && !isStopped)
        logger.warn({ err: error }, 'who is blocked could not be listed; what is known holds, trying again');
      isAway = true;
    }
  }

  async function poll(): Promise<void> {
    clearTimeout(timer);
    await list();
    clearTimeout(timer);
    if (!isStopped)
      timer = setTimeout(() => void poll(), isHearing && !isAway ? quietPollMs : pollMs).unref();
  }

  const listener = broker.listen({
    routingKeys: [changed],
    ready() {
      isHearing = true;
      // What changed between the last list and now was told to nobody.
      void poll();
    },
    lost() {
      isHearing = false;
      if (!isStopped) void poll();
    },
    heard(body) {
      try {
        const event = contracts.check(body);
        if (event.type !== changed) return;
        const { until, isActive, ...rule } = event.data;
        rules.changed({ ...rule, tenantId: event.tenantid, until: endOf(until) }, { isActive });
      } catch (error) {
        logger.error({ err: error }, 'a change of access rules could not be read; listing all');
        void list();
      }
    },
  });
  void poll();
  health.add({
    name: 'access-rules',
    necessity: 'degrading',
    check: async () => {
      if (!rules.isKnown) throw new Error('sentinel has not told who is blocked');
    },
  });
  opened.add('access-rules', async () => {
    isStopped = true;
    clearTimeout(timer);
    await listener.close();
  });

  return (credentials) => {
    const session = authenticate(credentials);
    const from = { ipAddress: credentials.ipAddress, requestId: credentials.requestId };
    return 'then' in session ? session.then((later) => rules.admit(later, from)) : rules.admit(session, from);
  };
}
