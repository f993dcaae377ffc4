import { getActiveResourcesInfo } from 'node:process';
import { inThreads, nextFromThreads } from './threads.ts';

/** Requests to the operating system that are still to come. */
const underway = /Req|Zlib|ConnectWrap|WriteWrap|ShutdownWrap/;

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Turns without anything to do after which nothing is on its way any more: streams hand on what they have once a turn. */
const quietTurns = 3;

/** Resolves when everything that this process has begun has come to rest. */
export async function untilRest(): Promise<void> {
  for (let quiet = 0; quiet < quietTurns; ) {
    // Turning while threads work would take their time.
    while (inThreads() > 0) await nextFromThreads();
    await turn();
    quiet = isBusy() ? 0 : quiet + 1;
  }
}

function isBusy(): boolean {
  if (inThreads() > 0) return true;
  for (const name of getActiveResourcesInfo()) if (name === 'Immediate' || underway.test(name)) return true;
  return false;
}
