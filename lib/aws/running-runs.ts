import { paginateListExecutions, paginateListStateMachines, type SFNClient } from '@aws-sdk/client-sfn';
import { concurrently } from '../core/concurrently.ts';
import type { RunRecord, RunStore } from '../runtime/ports/run-store.ts';
import { translateFailure } from './translate-failure.ts';

export interface RunningSurroundings {
  readonly sfn: SFNClient;
  readonly runs: Pick<RunStore, 'find'>;
  /** Name of the platform, which begins the names of its machines. */
  readonly platform: string;
}

/**
 * Runs whose executions are under way, newest first. Step Functions is asked for them: one that waits for a person may
 * have any number of newer runs before it in the list of all.
 */
export async function runningRuns({ sfn, runs, platform }: RunningSurroundings): Promise<readonly RunRecord[]> {
  const names = await translateFailure('states:ListExecutions', async () => {
    const found: string[] = [];
    for await (const { stateMachines = [] } of paginateListStateMachines({ client: sfn }, {})) {
      for (const { name = '', stateMachineArn } of stateMachines) {
        if (!name.startsWith(`${platform}-`)) continue;
        const running = { stateMachineArn, statusFilter: 'RUNNING' } as const;
        for await (const { executions = [] } of paginateListExecutions({ client: sfn, pageSize: 1000 }, running))
          found.push(...executions.map((one) => one.name!));
      }
    }
    return found;
  });
  // Machines that tell people have executions, too, which are no runs.
  const records = (await concurrently(names, 16, (name) => runs.find(name))).filter((one) => one !== undefined);
  return records.sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
}
