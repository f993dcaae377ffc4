import type { Cloud } from '../service.ts';
import type { FileAsset } from '../template/assembly.ts';

/** What every stack of one provisioning shares. */
export interface Surroundings {
  readonly cloud: Cloud;
  readonly log: (line: string) => void;
  /** Assets by `bucket/key`, pseudo parameters filled in. */
  readonly assets: ReadonlyMap<string, FileAsset>;
  /** Values that stacks have exported so far, by export name. */
  readonly exports: Map<string, unknown>;
  /** The last step taken under each key of `ResourceContext.exclusively`. */
  readonly queues: Map<string, Promise<unknown>>;
}
