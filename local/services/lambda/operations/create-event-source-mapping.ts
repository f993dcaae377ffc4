import { randomUUID } from 'node:crypto';
import type { Operation } from '../../../service.ts';
import type { LambdaCore } from '../core.ts';
import { findRecord, findVersion, functionArn } from '../find-function.ts';
import { conflict, knownMembers } from '../known-members.ts';
import { checkMapping, commonMembers } from '../mapping/check-mapping.ts';
import { eventSource } from '../mapping/event-source.ts';
import { printedMapping } from '../mapping/print-mapping.ts';
import type { MappingRecord } from '../state.ts';

export const createEventSourceMapping =
  (core: LambdaCore): Operation =>
  async (input) => {
    const source = eventSource(input.EventSourceArn);
    const own = [...source.members, ...source.creationMembers];
    knownMembers('CreateEventSourceMapping', input, ['FunctionName', 'EventSourceArn', ...commonMembers, ...own]);
    const given = Object.fromEntries(own.map((name) => [name, input[name]]).filter(([, value]) => value != null));
    const { name, qualifier } = findRecord(core, input);
    const version = findVersion(core, { name, qualifier });
    const FunctionArn = functionArn(core.cloud, { name, qualifier });
    const UUID = randomUUID();
    const mapping: MappingRecord = {
      UUID,
      EventSourceMappingArn: `arn:aws:lambda:${core.cloud.region}:${core.cloud.accountId}:event-source-mapping:${UUID}`,
      EventSourceArn: input.EventSourceArn,
      FunctionArn,
      ...source.defaults,
      ...given,
      BatchSize: input.BatchSize ?? source.defaults.BatchSize,
      MaximumBatchingWindowInSeconds: input.MaximumBatchingWindowInSeconds ?? 0,
      FilterCriteria: input.FilterCriteria ?? undefined,
      FunctionResponseTypes: input.FunctionResponseTypes ?? [],
      State: input.Enabled === false ? 'Disabled' : 'Enabled',
      StateTransitionReason: 'USER_INITIATED',
      LastModified: core.cloud.clock.now(),
    };
    checkMapping(mapping);
    source.check(mapping);
    for (const other of core.state.mappings.values()) {
      if (other.EventSourceArn !== mapping.EventSourceArn || other.FunctionArn !== FunctionArn) continue;
      throw conflict(
        `The event source arn (" ${mapping.EventSourceArn} ") and function (" ${name} ") provided mapping already exists. Please update or delete the existing mapping with UUID ${other.UUID}`,
      );
    }
    await source.checkAccess(core, mapping.EventSourceArn, version);
    core.state.mappings.set(UUID, mapping);
    core.mappings.apply(mapping);
    return { ...printedMapping(mapping), State: 'Creating' };
  };
