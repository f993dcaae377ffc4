import { type Row, single } from './row.ts';
import { send } from './send.ts';
import { invokeRequest } from './signed-request.ts';
import { functionsPerEndpoint, startEndpoint } from './start-endpoint.ts';

const warmInvocations = 200;

/** A handler that does nothing: the first invocation of functions that have no process yet, then again and again. */
export async function measureFunctions(repeat: number): Promise<Row[]> {
  const cold: number[] = [];
  const warm: number[] = [];
  for (let round = 0; round < repeat; round++) {
    const { url, close } = await startEndpoint('functions');
    try {
      for (let n = 0; n < functionsPerEndpoint; n++) cold.push(await timed(url, `idle-${n}`));
      const goes: number[] = [];
      for (let n = 0; n < warmInvocations; n++) goes.push(await timed(url, 'idle-0'));
      // The first round of warm invocations still compiles.
      warm.push(...goes.slice(warmInvocations / 4));
    } finally {
      await close();
    }
  }
  return [single('Lambda invocation, cold', 'ms', cold), single('Lambda invocation, warm', 'ms', warm)];
}

async function timed(url: string, functionName: string): Promise<number> {
  const request = await invokeRequest(url, functionName);
  const start = performance.now();
  await send(request);
  return performance.now() - start;
}
