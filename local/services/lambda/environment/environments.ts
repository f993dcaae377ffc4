import type { Cloud } from '../../../service.ts';
import type { LambdaSettings } from '../lambda-options.ts';
import type { FunctionVersion } from '../state.ts';
import type { Outcome } from './outcome.ts';
import type { Invocation } from './runtime-api.ts';

/** Where functions run. */
export interface Environments {
  /** Runs a version once. A failure is an outcome; rejects only where local AWS is stopping. */
  run(version: FunctionVersion, invocation: Invocation): Promise<Outcome>;
  /** Ends what runs versions that are not current any more, those at work after what they are doing. */
  retire(isCurrent: (version: FunctionVersion) => boolean): void;
  close(): Promise<void>;
}

/** Makes environments of another kind than processes, e.g. for tests that hold the time and the order of all calls. */
export type EnvironmentsFactory = (surroundings: {
  readonly cloud: Cloud;
  readonly settings: LambdaSettings;
}) => Environments;
