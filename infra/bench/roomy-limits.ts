const roomy = { operations: 1_000_000_000, cost: 1_000_000_000_000 };

/** RATE_LIMITS for the gateway that is measured: every allowance is counted, and none is used up. */
export const roomyLimits = JSON.stringify({
  ...{ tenant: roomy, client: roomy, person: roomy, address: roomy },
  planning: { milliseconds: 1_000_000_000, seconds: 10 },
});

/** All live subscribers of a benchmark are one viewer. */
export const roomyLive = { LIVE_CONNECTIONS_PER_VIEWER: '100000', LIVE_SUBSCRIPTIONS_PER_VIEWER: '100000' };
