import type { Cloud } from '../service.ts';
import type { FileAsset } from '../template/assembly.ts';
import type { Exports } from './exports.ts';
import type { HeldTime } from './held-time.ts';
import type { NestedStack } from './resource-type.ts';

/** What every stack of one provisioning shares. */
export interface Surroundings {
  readonly cloud: Cloud;
  readonly log: (line: string) => void;
  /** Assets by `bucket/key`, pseudo parameters filled in. */
  readonly assets: ReadonlyMap<string, FileAsset>;
  readonly exports: Exports;
  readonly time: HeldTime;
  /** What stood before a deployment that is being undone, as `<stack>/<logical id>`. Absent where none is. */
  readonly before?: ReadonlySet<string>;
  /** How stacks inside of stacks are brought about: as any stack is. */
  readonly nested: {
    provision(stack: NestedStack, surroundings: Surroundings): Promise<Readonly<Record<string, string>>>;
    remove(stackName: string, surroundings: Surroundings): Promise<void>;
  };
  /** The last step taken under each key of `ResourceContext.exclusively`. */
  readonly queues: Map<string, Promise<unknown>>;
}
