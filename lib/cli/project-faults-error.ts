import type { Fault } from './describe-error.ts';

/** What another process found wrong with the project. */
export class ProjectFaultsError extends Error {
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[]) {
    super(faults.map(({ problem }) => problem).join('\n'));
    this.name = 'ProjectFaultsError';
    this.faults = faults;
  }
}
