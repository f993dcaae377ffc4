/** Given when the process is asked to end for the first time; asked once more, it ends at once. */
export function stopSignal(): Disposable & { readonly signal: AbortSignal } {
  const controller = new AbortController();
  const off = () => void process.off('SIGINT', stop).off('SIGTERM', stop);
  const stop = () => {
    off();
    controller.abort();
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  return { signal: controller.signal, [Symbol.dispose]: off };
}
