import type { Context } from '../context.ts';
import type { SubscriptionResolvers } from '../schema.generated.ts';
import { type ErrorBudgetChanged, errorBudgetChangedTopic } from './live.ts';

export const errorBudgetChanged: SubscriptionResolvers['errorBudgetChanged'] = {
  subscribe: (_, { sloId }, { service, signal, bookmark }) =>
    changes(service.live.subscribe<ErrorBudgetChanged>(errorBudgetChangedTopic, { signal, bookmark }), sloId),
  resolve: ({ errorBudgetChanged: { sloId } }: BudgetChange, _: unknown, { loaders }: Context) =>
    loaders.slo.load(sloId),
};

interface BudgetChange {
  errorBudgetChanged: ErrorBudgetChanged;
}

async function* changes(
  pushes: AsyncIterable<ErrorBudgetChanged>,
  only: string | null | undefined,
): AsyncGenerator<BudgetChange> {
  for await (const { sloId } of pushes) {
    if (only === undefined || only === null || only === sloId) yield { errorBudgetChanged: { sloId } };
  }
}
