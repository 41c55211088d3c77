// What is pushed when an objective was measured and something of it changed.

/** Live topic of a tenant. */
export const errorBudgetChangedTopic = 'error-budget-changed';

export interface ErrorBudgetChanged {
  readonly sloId: string;
}
