// What has just been done, for eyes and screen readers, until the next thing is.
type Listener = () => void;

let current = '';
const listeners = new Set<Listener>();

export const announcement = {
  get: () => current,
  watch(listener: Listener) {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

/** Tells it, for ten seconds. */
export function announce(message: string): void {
  become(message);
  setTimeout(() => current === message && become(''), 10_000);
}

function become(message: string): void {
  current = message;
  for (const listener of listeners) listener();
}
