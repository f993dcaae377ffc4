import type { Operation } from '../../../service.ts';
import type { LambdaCore } from '../core.ts';
import { findRecord, findVersion, functionArn } from '../find-function.ts';
import { functionReference } from '../function-reference.ts';
import { knownMembers } from '../known-members.ts';
import { checkMapping, commonMembers } from '../mapping/check-mapping.ts';
import { eventSource } from '../mapping/event-source.ts';
import { findMapping, printedMapping } from '../mapping/print-mapping.ts';
import type { MappingRecord } from '../state.ts';

export const updateEventSourceMapping =
  (core: LambdaCore): Operation =>
  async (input) => {
    const before = findMapping(core.state, input.UUID);
    const source = eventSource(before.EventSourceArn);
    knownMembers('UpdateEventSourceMapping', input, ['UUID', 'FunctionName', ...commonMembers, ...source.members]);
    const { UUID, FunctionName, Enabled, ...given } = input;
    const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined && value !== null));
    const { name, qualifier } = FunctionName
      ? findRecord(core, { FunctionName })
      : functionReference(before.FunctionArn);
    const mapping: MappingRecord = {
      ...before,
      ...set,
      FunctionArn: functionArn(core.cloud, { name, qualifier }),
      State: Enabled === undefined || Enabled === null ? before.State : Enabled ? 'Enabled' : 'Disabled',
      LastModified: core.cloud.clock.now(),
    };
    checkMapping(mapping);
    source.check(mapping);
    await source.checkAccess(core, mapping.EventSourceArn, findVersion(core, { name, qualifier }));
    core.state.mappings.set(UUID, mapping);
    core.mappings.apply(mapping);
    return { ...printedMapping(mapping), State: 'Updating' };
  };
