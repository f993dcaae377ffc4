import { runKeys } from '../keys.ts';
import { storeFile } from '../ledger/store-files.ts';
import type { ReplayTrigger, RunInput, TriggerIdentity } from '../messages.ts';
import type { Ports } from '../ports/ports.ts';
import { isOver } from '../ports/run-store.ts';
import { runId } from '../run-id.ts';

export interface ReplayRequest {
  readonly pipeline: string;
  /** Of the plan that is deployed. */
  readonly planDigest: string;
  readonly stateMachineArn: string;
  readonly of: string;
  readonly tables: readonly string[];
  readonly number: number;
  /** Files on this machine with the rejects of each source. */
  readonly inputs: readonly {
    readonly source: string;
    readonly path: string;
    readonly rows: number;
    readonly bytes: number;
    readonly digest: string;
  }[];
  /** Rejects that are run once more; where all rows of the run are, its rejects are not among the inputs. */
  readonly rejects: number;
  /** See `ReplayTrigger`. */
  readonly whole?: true;
  /** Who starts it; kept in the audit. */
  readonly by: string;
}

/** `exists`: the same replay was started before, and goes on or has ended well. */
export interface StartedReplay {
  readonly run: string;
  readonly outcome: 'started' | 'exists';
}

/**
 * Stores what a replay reads and starts it. The same rows under the same number are one run, however often this is done;
 * only after that run has failed is there another one.
 */
export async function startReplay(
  ports: Pick<Ports, 'objects' | 'runs' | 'executions' | 'audit' | 'clock'>,
  request: ReplayRequest,
): Promise<StartedReplay> {
  const { pipeline, planDigest, stateMachineArn, of, tables, number, rejects, whole, by } = request;
  const inputs: ReplayTrigger['inputs'][number][] = [];
  for (const { source, rows, digest, ...file } of request.inputs) {
    const key = runKeys(pipeline, of).replayInput(source, digest);
    inputs.push({ source, key, size: await storeFile(ports.objects, key, { ...file, rows }), rows });
  }
  const parameters = (await ports.runs.find(of))?.parameters;
  for (let attempt = 0; ; attempt++) {
    const trigger: ReplayTrigger & TriggerIdentity = {
      kind: 'replay',
      of,
      tables,
      number,
      attempt,
      inputs,
      ...(whole && { whole }),
      ...(parameters && { parameters }),
    };
    const run = runId(pipeline, planDigest, trigger);
    const record = await ports.runs.find(run);
    if (record && isOver(record)) continue;
    const input: RunInput = { pipeline, planDigest, trigger };
    const detail = { started: run, tables, rows: rejects };
    // Before it is started: who is cut off behind that finds it started when they ask again.
    await ports.audit.add({ at: ports.clock.now(), by, action: 'replay', pipeline, run: of, detail }, run);
    return { run, outcome: await ports.executions.start({ stateMachineArn, name: run, input }) };
  }
}
