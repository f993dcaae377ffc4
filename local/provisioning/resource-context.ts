import { join } from 'node:path';
import { AwsError } from '../aws-error.ts';
import { root } from '../iam/authorizer.ts';
import type { Principal } from '../service.ts';
import { physicalName } from '../template/physical-name.ts';
import type { ResourceContext } from './resource-type.ts';
import { stackId } from './stack-scope.ts';
import type { Surroundings } from './surroundings.ts';

interface Place {
  readonly stackName: string;
  readonly logicalId: string;
  readonly generation: number;
}

/**
 * The surroundings that a resource type works in. `onName` is told the name of a resource before it is created, so that
 * a creation cut short by a crash can be undone.
 */
export function openContext(
  surroundings: Surroundings,
  place: Place,
  onName: (name: string) => void = () => {},
): ResourceContext & { readonly usedAssets: Record<string, string> } {
  const { cloud } = surroundings;
  const { stackName, logicalId, generation } = place;
  const deployer: Principal = { ...root(cloud.accountId), via: 'cloudformation' };
  const usedAssets: Record<string, string> = {};
  const call = (service: string, operation: string, input: unknown) => cloud.call(service, operation, input, deployer);
  return {
    stackName,
    stackIdOf: (name = stackName) => stackId(name, cloud),
    logicalId,
    accountId: cloud.accountId,
    region: cloud.region,
    endpoint: cloud.endpoint,
    usedAssets,
    folder: () => cloud.store.folder(join('cloudformation', stackName, `${logicalId}-${generation}`)),
    name(given, limits) {
      const name = given ?? physicalName({ stack: stackName, logicalId, generation }, limits);
      onName(name);
      return name;
    },
    call,
    async attempt(codes, service, operation, input) {
      try {
        return await call(service, operation, input);
      } catch (error) {
        if (error instanceof AwsError && codes.includes(error.code)) return undefined;
        throw error;
      }
    },
    letTimePass: (awaited) => surroundings.time.passDuring(awaited),
    exclusively(key, step) {
      const run = (surroundings.queues.get(key) ?? Promise.resolve()).then(step);
      surroundings.queues.set(
        key,
        run.catch(() => {}),
      );
      return run;
    },
    asset(bucket, key) {
      const name = `${bucket}/${key}`;
      const asset = surroundings.assets.get(name);
      if (asset) usedAssets[name] = asset.path;
      return asset;
    },
    provisionNested: (stack) => surroundings.nested.provision(stack, surroundings),
    removeNested: (name) => surroundings.nested.remove(name, surroundings),
  };
}
