import { getActiveResourcesInfo } from 'node:process';

/** Requests to the operating system and turns of the event loop that are still to come; idle sockets and timers are not. */
const underway = /Req|WriteWrap|ConnectWrap|ShutdownWrap|Zlib/;

/** A message over loopback takes a few turns from one socket to the other and leaves no trace meanwhile. */
const quietTurns = 12;

/** Turns that this file itself is waiting for; several clocks may do so at once and must not take each other for work. */
let ownTurns = 0;

/** Whether this process has asked for something that has not come yet. */
export function isBusy(): boolean {
  let immediates = 0;
  for (const name of getActiveResourcesInfo()) {
    if (underway.test(name)) return true;
    if (name === 'Immediate') immediates++;
  }
  return immediates > ownTurns;
}

/** Resolves when everything that this process has begun, waiting for time aside, has come to rest. */
export async function untilQuiet(): Promise<void> {
  for (let quiet = 0; quiet < quietTurns; quiet = isBusy() ? 0 : quiet + 1) {
    ownTurns++;
    await new Promise<void>((resolve) =>
      setImmediate(() => {
        ownTurns--;
        resolve();
      }),
    );
  }
}
