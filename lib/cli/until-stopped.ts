/** Resolves when the process is asked to end (Ctrl-C, or a service manager). Asked once more, it ends at once. */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    // Timers of local AWS do not hold the process; this one does.
    const hold = setInterval(() => {}, 2 ** 30);
    const stop = () => {
      clearInterval(hold);
      process.off('SIGINT', stop).off('SIGTERM', stop);
      resolve();
    };
    process.on('SIGINT', stop).on('SIGTERM', stop);
  });
}
