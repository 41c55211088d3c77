/**
 * Ends work early, wherever it is just then: waiting for its turn, asking, or pausing. Each fetch has one, so it is
 * plainer and cheaper than an AbortController.
 */
export class Interruption {
  /** Told once, when the work is to end. Whatever is under way puts its own end here, and takes it away after. */
  onInterrupt: ((reason: Error) => void) | undefined;
  #reason: Error | undefined;

  /** Why the work has to end; undefined while it may go on. */
  get reason(): Error | undefined {
    return this.#reason;
  }

  interrupt(reason: Error): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    this.onInterrupt?.(reason);
  }
}
