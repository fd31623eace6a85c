import { useEffect, useState } from 'preact/hooks';

/** A value that components and plain functions share; `set` tells everybody who subscribed. */
export type Store<T> = {
  get(): T;
  set(value: T): void;
  /** Answers the function that ends the subscription. */
  subscribe(listener: () => void): () => void;
};

export function createStore<T>(initial: T): Store<T> {
  let value = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      for (const listener of [...listeners]) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The store's value; renders anew when it changes. */
export function useStore<T>(store: Store<T>): T {
  const [value, setValue] = useState(store.get);
  useEffect(() => {
    const update = () => setValue(() => store.get());
    // The value may have changed between rendering and this effect.
    update();
    return store.subscribe(update);
  }, [store]);
  return value;
}
