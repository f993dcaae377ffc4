let underWay = 0;
let waiting: (() => void)[] = [];

/** Calls whose work is in threads that Node's own account does not show, and that have not come back. */
export const inThreads = () => underWay;

/** Resolves when one of them comes back. */
export const nextFromThreads = () => new Promise<void>((resolve) => waiting.push(resolve));

/** `call`, counted until its promise is settled. What returns no promise is over already. */
export function countedPromise<Given extends unknown[], Result>(call: (...given: Given) => Result) {
  return (...given: Given): Result => {
    const result = call(...given);
    if (typeof (result as { then?: unknown } | undefined)?.then !== 'function') return result;
    underWay++;
    (result as unknown as Promise<unknown>).then(come, come);
    return result;
  };
}

/** `call`, counted until it calls back. */
export function countedCallback(call: (...given: any[]) => unknown) {
  return (...given: any[]): unknown => {
    const callback = given.at(-1);
    if (typeof callback !== 'function') return call(...given);
    underWay++;
    try {
      return call(...given.slice(0, -1), (...results: unknown[]) => {
        come();
        callback(...results);
      });
    } catch (error) {
      // Nothing was begun with what it was given.
      come();
      throw error;
    }
  };
}

function come(): void {
  underWay--;
  for (const wake of waiting) wake();
  waiting = [];
}
