import { acrossTenants, inTenant } from '@supergraph/chassis/tenancy';
import type { Context } from '../context.ts';
import type { SubscriptionResolvers } from '../schema.generated.ts';
import { statusPageChangedTopic } from './live.ts';
import { findPage, lookAgain } from './looking.ts';

/** Of an address that has no page nothing is ever told, just as of one at which nothing happens. */
export const statusPageChanged: SubscriptionResolvers['statusPageChanged'] = {
  async subscribe(_, { slug }, { service, signal, bookmark }) {
    const page = await acrossTenants('watching a public status page', () => findPage(service, slug));
    if (page === null) return nothing(signal);
    const pushes = await acrossTenants('watching a public status page', () =>
      inTenant(page.tenantId, () => ({
        of: service.live.subscribe<object>(statusPageChangedTopic, { signal, bookmark }),
      })),
    );
    return changes(pushes.of, slug);
  },
  resolve: ({ statusPageChanged: { slug } }: Change, _: unknown, { service }: Context) =>
    lookAgain(service, slug),
};

interface Change {
  statusPageChanged: { slug: string };
}

async function* changes(pushes: AsyncIterable<object>, slug: string): AsyncGenerator<Change> {
  for await (const _ of pushes) yield { statusPageChanged: { slug } };
}

async function* nothing(signal: AbortSignal): AsyncGenerator<Change> {
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
