import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Plan } from '../../component/plan.ts';
import type { PlatformStack } from '../platform-stack.ts';
import type { CalledFunction } from '../state-machine/references.ts';
import { LakeAccess, lakePlaces } from './lake-access.ts';
import { runTableAccess } from './run-table-access.ts';

/** What each function that the machine calls may do, and nothing else. */
export function functionPermissions(platform: PlatformStack, plan: Plan): Record<CalledFunction, PolicyStatement[]> {
  const { lake, runTable, bus } = platform;
  const access = new LakeAccess(lake);
  const { sources, staged, reports, rejects, tables } = lakePlaces(plan);
  const publishEvents = new PolicyStatement({ actions: ['events:PutEvents'], resources: [bus.eventBusArn] });
  return {
    initialize: [runTableAccess(runTable, 'GetItem', 'PutItem', 'UpdateItem'), publishEvents],
    extract: [
      access.list(...sources, staged),
      access.readVersions(...sources),
      access.read(staged),
      access.create(staged, rejects),
      runTableAccess(runTable, 'GetItem', 'PutItem', 'UpdateItem', 'Query'),
      publishEvents,
    ],
    assess: [
      access.list(staged, ...tables),
      access.read(staged, ...tables),
      access.create(reports),
      runTableAccess(runTable, 'GetItem', 'UpdateItem', 'Query'),
      publishEvents,
    ],
    review: [runTableAccess(runTable, 'GetItem', 'UpdateItem'), publishEvents],
    publish: [
      access.list(staged, ...tables),
      access.read(staged, reports, ...tables),
      access.create(...tables),
      runTableAccess(runTable, 'GetItem', 'UpdateItem', 'Query'),
      publishEvents,
    ],
    commit: [
      access.read(...tables),
      runTableAccess(runTable, 'GetItem', 'PutItem', 'UpdateItem', 'ConditionCheckItem', 'Query'),
      publishEvents,
    ],
    compensate: [
      access.list(staged, ...tables),
      access.read(staged),
      access.remove(staged, ...tables),
      runTableAccess(runTable, 'GetItem', 'UpdateItem', 'DeleteItem', 'Query'),
      publishEvents,
    ],
  };
}

/** What a worker may do besides consuming its buffer. */
export function workerPermissions(platform: PlatformStack, plan: Plan, machineArn: string): PolicyStatement[] {
  const access = new LakeAccess(platform.lake);
  const { sources, staged, rejects, tables } = lakePlaces(plan);
  return [
    access.list(...sources, staged),
    access.readVersions(...sources),
    access.read(staged),
    access.create(staged, rejects, ...tables),
    runTableAccess(platform.runTable, 'GetItem', 'PutItem', 'UpdateItem', 'Query'),
    new PolicyStatement({
      actions: ['states:SendTaskSuccess', 'states:SendTaskFailure', 'states:SendTaskHeartbeat'],
      // A chunk's task is one of a Map's child, which runs under the machine's name with the Map's label behind it.
      resources: [machineArn, `${machineArn}/*`],
    }),
  ];
}
