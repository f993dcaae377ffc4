import { randomUUID } from 'node:crypto';
import type { Operation } from '../../../service.ts';
import type { LambdaCore } from '../core.ts';
import { findRecord, findVersion, functionArn } from '../find-function.ts';
import { conflict, knownMembers } from '../known-members.ts';
import { checkPolling, checkSource, pollingMembers } from '../mapping/check-mapping.ts';
import { checkVisibility } from '../mapping/check-visibility.ts';
import { printedMapping } from '../mapping/print-mapping.ts';
import type { MappingRecord } from '../state.ts';

export const createEventSourceMapping =
  (core: LambdaCore): Operation =>
  async (input) => {
    knownMembers('CreateEventSourceMapping', input, ['FunctionName', 'EventSourceArn', ...pollingMembers]);
    checkSource(input.EventSourceArn);
    const { name, qualifier } = findRecord(core, input);
    const version = findVersion(core, { name, qualifier });
    const FunctionArn = functionArn(core.cloud, { name, qualifier });
    const UUID = randomUUID();
    const mapping: MappingRecord = {
      UUID,
      EventSourceMappingArn: `arn:aws:lambda:${core.cloud.region}:${core.cloud.accountId}:event-source-mapping:${UUID}`,
      EventSourceArn: input.EventSourceArn,
      FunctionArn,
      BatchSize: input.BatchSize ?? 10,
      MaximumBatchingWindowInSeconds: input.MaximumBatchingWindowInSeconds ?? 0,
      FilterCriteria: input.FilterCriteria ?? undefined,
      ScalingConfig: input.ScalingConfig ?? undefined,
      FunctionResponseTypes: input.FunctionResponseTypes ?? [],
      State: input.Enabled === false ? 'Disabled' : 'Enabled',
      StateTransitionReason: 'USER_INITIATED',
      LastModified: core.cloud.clock.now(),
    };
    checkPolling(mapping);
    for (const other of core.state.mappings.values()) {
      if (other.EventSourceArn !== mapping.EventSourceArn || other.FunctionArn !== FunctionArn) continue;
      throw conflict(
        `The event source arn (" ${mapping.EventSourceArn} ") and function (" ${name} ") provided mapping already exists. Please update or delete the existing mapping with UUID ${other.UUID}`,
      );
    }
    await checkVisibility(core, mapping.EventSourceArn, version);
    core.state.mappings.set(UUID, mapping);
    core.mappings.apply(mapping);
    return { ...printedMapping(mapping), State: 'Creating' };
  };
