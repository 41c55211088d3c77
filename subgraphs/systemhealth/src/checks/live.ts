// What is pushed to subscribers when a check's status has changed.
import type { StatusChange } from './rules.ts';

/** Live topic of a tenant. */
export const healthChangedTopic = 'health-changed';

export interface HealthChanged extends StatusChange {
  /** The health event's id. */
  readonly _id: string;
  readonly checkId: string;
  readonly serviceId: string;
}
