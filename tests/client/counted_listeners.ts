/** A signal to abort, and how many listen to it. */
export class CountedListeners extends AbortController {
  /** How many listen. */
  count = 0;

  constructor() {
    super();
    const { signal } = this;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      this.count++;
      add(...args);
    };
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      this.count--;
      remove(...args);
    };
  }
}
