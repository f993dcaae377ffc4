import type { Operation } from '../../../service.ts';
import type { LambdaCore } from '../core.ts';
import { functionArn } from '../find-function.ts';
import { functionReference } from '../function-reference.ts';
import { knownMembers } from '../known-members.ts';
import { eventSource } from '../mapping/event-source.ts';
import { findMapping, printedMapping } from '../mapping/print-mapping.ts';
import { paginate } from '../paginate.ts';

export const getEventSourceMapping =
  (core: LambdaCore): Operation =>
  async (input) => {
    knownMembers('GetEventSourceMapping', input, ['UUID']);
    return printedMapping(findMapping(core.state, input.UUID));
  };

export const listEventSourceMappings =
  (core: LambdaCore): Operation =>
  async (input) => {
    knownMembers('ListEventSourceMappings', input, ['EventSourceArn', 'FunctionName', 'Marker', 'MaxItems']);
    const arn = input.FunctionName && functionArn(core.cloud, functionReference(input.FunctionName));
    const found = [...core.state.mappings.values()].filter(
      (mapping) =>
        (!arn || mapping.FunctionArn === arn) &&
        (!input.EventSourceArn || mapping.EventSourceArn === input.EventSourceArn),
    );
    const { page, NextMarker } = paginate(found, input, 100);
    return { EventSourceMappings: page.map(printedMapping), NextMarker };
  };

export const deleteEventSourceMapping =
  (core: LambdaCore): Operation =>
  async (input) => {
    knownMembers('DeleteEventSourceMapping', input, ['UUID']);
    const mapping = findMapping(core.state, input.UUID);
    core.mappings.remove(mapping.UUID);
    core.state.mappings.delete(mapping.UUID);
    eventSource(mapping.EventSourceArn).forget?.(core, mapping);
    return { ...printedMapping(mapping), State: 'Deleting' };
  };
