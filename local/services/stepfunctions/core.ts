import type { Cloud } from '../../service.ts';
import type { Collection } from '../../store.ts';
import { Activities } from './activities.ts';
import { Definitions } from './definitions.ts';
import { Executions } from './executions.ts';
import { Histories } from './histories.ts';
import { MachineVersions } from './machine-versions.ts';
import { MapRuns } from './map-runs.ts';
import type { MachineRecord } from './records.ts';
import { Tokens } from './tokens.ts';

/** What the operations of Step Functions work on. */
export interface StepFunctionsCore {
  readonly cloud: Cloud;
  readonly machines: Collection<MachineRecord>;
  readonly versions: MachineVersions;
  readonly activities: Activities;
  readonly definitions: Definitions;
  readonly histories: Histories;
  readonly tokens: Tokens;
  readonly executions: Executions;
  readonly mapRuns: MapRuns;
}

export function createCore(cloud: Cloud): StepFunctionsCore {
  const core: StepFunctionsCore = {
    cloud,
    machines: cloud.store.collection('states.machines'),
    versions: new MachineVersions(() => core, cloud.store),
    activities: new Activities(cloud),
    definitions: new Definitions(cloud.store),
    histories: new Histories(cloud.store),
    tokens: new Tokens(cloud),
    executions: new Executions(() => core),
    mapRuns: new MapRuns(() => core),
  };
  return core;
}
