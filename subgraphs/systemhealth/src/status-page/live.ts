// What is pushed when a public status page shows something else.
import type { UnitOfWork } from '@supergraph/chassis/transaction';

/** Live topic of a tenant. */
export const statusPageChangedTopic = 'status-page-changed';

export function tellStatusPage(push: UnitOfWork['push']): void {
  push(statusPageChangedTopic, {});
}
