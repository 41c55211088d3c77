// What is pushed to subscribers when something happened to an alert.
import type { TransitionKind } from './model.ts';

/** Live topic of a tenant. */
export const alertChangedTopic = 'alert-changed';

export interface AlertChanged {
  readonly alertId: string;
  readonly serviceId: string | null;
  readonly sequence: number;
  readonly kind: TransitionKind;
  readonly occurredAt: number;
}

/** What a change's resolvers start from. */
export interface AlertChangeParent extends Omit<AlertChanged, 'occurredAt'> {
  readonly occurredAt: Date;
}
