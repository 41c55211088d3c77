// A choice of the person that this browser remembers, such as a language, for components to watch.
export interface Remembered<T extends string> {
  /** The choice; null while there is none. */
  get(): T | null;
  set(choice: T | null): void;
  /** Calls `listener` after each change until the returned function is called. */
  watch(listener: () => void): () => void;
}

export function remembered<T extends string>(key: string, choices: readonly T[]): Remembered<T> {
  const listeners = new Set<() => void>();
  const stored = localStorage.getItem(key);
  let current = choices.find((choice) => choice === stored) ?? null;
  return {
    get: () => current,
    set(choice) {
      current = choice;
      if (choice === null) localStorage.removeItem(key);
      else localStorage.setItem(key, choice);
      for (const listener of listeners) listener();
    },
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
