/** Resolves when the process is asked to end (Ctrl-C, or a service manager). */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    // Timers of local AWS do not hold the process; this one does.
    const hold = setInterval(() => {}, 2 ** 30);
    const stop = () => {
      clearInterval(hold);
      resolve();
    };
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
  });
}
