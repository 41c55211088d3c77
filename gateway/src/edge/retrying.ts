/** Clients that come back in one millisecond, on average. */
const clientsPerMs = 2;
const longestMs = 10_000;
const shortestMs = 100;

/** How long a client is to wait before it comes back, so that those of a gateway that stops don't come all at once. */
export function retryAfterMs(clients: number): number {
  return shortestMs + Math.round(Math.random() * Math.min(longestMs, clients / clientsPerMs));
}
