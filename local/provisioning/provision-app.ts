import type { LocalCloud } from '../cloud.ts';
import type { Assembly, FileAsset, StackArtifact } from '../template/assembly.ts';
import { Exports } from './exports.ts';
import { holdTime } from './held-time.ts';
import { nestedStacks } from './nested-stacks.ts';
import { type ProvisionedStack, provisionStack, removeStack } from './provision-stack.ts';
import { stacksOnRecord } from './records.ts';
import type { Surroundings } from './surroundings.ts';

export interface ProvisionAppOptions {
  readonly log: (line: string) => void;
  /** Values of template parameters, by stack name. */
  readonly parameters: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Stacks of an earlier assembly, dependencies first: those that the assembly no longer has are deleted. Default: none. */
  readonly earlier?: readonly StackArtifact[];
  /** Given to undo a deployment: what stood before it, as `<stack>/<logical id>`. */
  readonly before?: ReadonlySet<string>;
}

/**
 * Brings every stack of an assembly to what its template says, each after those that it depends on. A stack that the data
 * folder knows and the assembly no longer has is left as it is, as `cdk deploy` leaves it.
 */
export async function provisionApp(
  assembly: Assembly,
  cloud: LocalCloud,
  { log, parameters, earlier = [], before }: ProvisionAppOptions,
): Promise<Record<string, ProvisionedStack>> {
  const names = assembly.stacks.map(({ stackName }) => stackName);
  const surroundings: Surroundings = {
    cloud,
    log,
    assets: assetsByName(assembly, cloud),
    exports: new Exports(cloud, names, { undoing: before !== undefined }),
    time: holdTime(cloud.clock),
    nested: nestedStacks,
    before,
    queues: new Map(),
  };
  try {
    return await provisionStacks(assembly, surroundings, { parameters, earlier });
  } finally {
    surroundings.time.release();
  }
}

async function provisionStacks(
  { stacks }: Assembly,
  surroundings: Surroundings,
  { parameters, earlier }: Required<Pick<ProvisionAppOptions, 'parameters' | 'earlier'>>,
): Promise<Record<string, ProvisionedStack>> {
  const { cloud, log } = surroundings;
  const names = stacks.map(({ stackName }) => stackName);
  const gone = earlier.map(({ stackName }) => stackName).filter((stackName) => !names.includes(stackName));
  for (const stackName of stacksOnRecord(cloud).outermost) {
    if (!names.includes(stackName) && !gone.includes(stackName))
      log(`${stackName} is not in the assembly any more: left as it is`);
  }
  const standing = new Map<string, Promise<ProvisionedStack>>();
  for (const stack of stacks) {
    // The assembly lists dependencies first, so those of this stack are on their way already.
    const needed = Promise.all(stack.dependencies.map((id) => standing.get(id)));
    const provisioned = needed.then(() => provisionStack(stack, parameters[stack.stackName] ?? {}, surroundings));
    standing.set(stack.id, provisioned);
    surroundings.exports.track(stack.stackName, provisioned);
  }
  // Every stack comes to its end before the first failure is told: nothing may go on behind the caller's back.
  await Promise.allSettled(standing.values());
  const provisioned = await Promise.all(standing.values());
  for (const stackName of gone.reverse()) await removeStack(stackName, surroundings);
  return Object.fromEntries(names.map((name, index) => [name, provisioned[index]!]));
}

/** Templates name assets by bucket and key, in which account and region are still open. */
function assetsByName({ stacks }: Assembly, { accountId, region }: LocalCloud): Map<string, FileAsset> {
  const fill = (name: string) =>
    name.replace(/\$\{AWS::(\w+)\}/g, (whole, pseudo) =>
      pseudo === 'AccountId' ? accountId : pseudo === 'Region' ? region : pseudo === 'Partition' ? 'aws' : whole,
    );
  const assets = stacks.flatMap((stack) => stack.assets);
  return new Map(assets.map((asset) => [fill(`${asset.bucketName}/${asset.objectKey}`), asset]));
}
