import type { LocalCloud } from '../cloud.ts';
import type { Assembly } from '../template/assembly.ts';
import { type ProvisionAppOptions, provisionApp } from './provision-app.ts';
import type { ProvisionedStack } from './provision-stack.ts';
import { ResourceRecords, resourcesOnRecord, stacksOnRecord } from './records.ts';

/** A redeployment that failed, and whose undoing failed as well: the app stands somewhere in between. */
export class RollbackError extends AggregateError {
  constructor(failure: unknown, rollback: unknown) {
    super([failure, rollback], `${(failure as Error).message}\nand going back failed: ${(rollback as Error).message}`);
    this.name = 'RollbackError';
  }
}

/**
 * Brings a running app from one assembly to the next: what differs is changed in place, stacks that have gone are
 * deleted, all else is left alone. Where that fails everything goes back to how it was, and the failure is thrown.
 */
export async function redeployApp(
  { from, to }: { readonly from: Assembly; readonly to: Assembly },
  cloud: LocalCloud,
  options: ProvisionAppOptions,
): Promise<Record<string, ProvisionedStack>> {
  const before = resourcesOnRecord(cloud);
  try {
    return await provisionApp(to, cloud, { ...options, earlier: from.stacks });
  } catch (failure) {
    try {
      for (const stackName of stacksOnRecord(cloud).all) takeBackReplacements(new ResourceRecords(cloud, stackName));
      await provisionApp(from, cloud, { ...options, earlier: to.stacks, before });
    } catch (rollback) {
      throw new RollbackError(failure, rollback);
    }
    throw failure;
  }
}

/** What was replaced is still there with all that it holds, and takes the place of its replacement again. */
function takeBackReplacements(records: ResourceRecords): void {
  for (const [id, replaced] of records.all()) {
    if (replaced.status !== 'replaced') continue;
    const logicalId = id.slice(0, id.lastIndexOf('#'));
    const replacement = records.get(logicalId);
    records.delete(id);
    if (replacement) records.set(`${logicalId}#${replacement.generation}`, { ...replacement, status: 'replaced' });
    records.set(logicalId, { ...replaced, status: 'ready' });
  }
}
