import { defineResource, type ResourceContext } from '../provisioning/resource-type.ts';
import { tags, type Value } from '../provisioning/shape.ts';

const properties = {
  FunctionName: 'text',
  EventSourceArn: 'text',
  Enabled: 'flag',
  BatchSize: 'number',
  MaximumBatchingWindowInSeconds: 'number',
  FilterCriteria: { Filters: [{ Pattern: 'text' }] },
  FunctionResponseTypes: ['text'],
  ScalingConfig: { MaximumConcurrency: 'number' },
  StartingPosition: 'text',
  StartingPositionTimestamp: 'number',
  ParallelizationFactor: 'number',
  BisectBatchOnFunctionError: 'flag',
  MaximumRecordAgeInSeconds: 'number',
  MaximumRetryAttempts: 'number',
  TumblingWindowInSeconds: 'number',
  DestinationConfig: { OnFailure: { Destination: 'text' } },
  Tags: tags,
} as const;

const provisioned = (id: string, { region, accountId }: ResourceContext) => ({
  physicalId: id,
  attributes: { Id: id, EventSourceMappingArn: `arn:aws:lambda:${region}:${accountId}:event-source-mapping:${id}` },
});

/** What a setting goes back to that the template no longer has. */
function withDefaults(mapping: Value<typeof properties>, before: Value<typeof properties>) {
  const dropped = (name: keyof typeof properties) => name in before && !(name in mapping);
  return {
    ...mapping,
    ...(dropped('Enabled') && { Enabled: true }),
    ...(dropped('FilterCriteria') && { FilterCriteria: {} }),
    ...(dropped('FunctionResponseTypes') && { FunctionResponseTypes: [] }),
    ...(dropped('ScalingConfig') && { ScalingConfig: {} }),
    ...(dropped('DestinationConfig') && { DestinationConfig: {} }),
    ...(dropped('MaximumBatchingWindowInSeconds') && { MaximumBatchingWindowInSeconds: 0 }),
  };
}

export default defineResource({
  type: 'AWS::Lambda::EventSourceMapping',
  properties,
  replacedBy: ['EventSourceArn', 'StartingPosition', 'StartingPositionTimestamp'],
  async create(mapping, context) {
    // A mapping has no name: the one noted here only says, after a crash, that there may be one to look for.
    context.name(undefined, { maxLength: 64 });
    const { UUID } = await context.call('lambda', 'CreateEventSourceMapping', mapping);
    return provisioned(UUID, context);
  },
  async update(mapping, context, { physicalId, properties: before }) {
    const { EventSourceArn: _, StartingPosition: _position, ...input } = withDefaults(mapping, before);
    await context.call('lambda', 'UpdateEventSourceMapping', { ...input, UUID: physicalId });
    return provisioned(physicalId, context);
  },
  async delete(id, context, { FunctionName, EventSourceArn }) {
    const gone = ['ResourceNotFoundException'];
    const of = { FunctionName, EventSourceArn };
    const cutShort = !/^[0-9a-f]{8}-/.test(id);
    const found = cutShort ? await context.attempt(gone, 'lambda', 'ListEventSourceMappings', of) : undefined;
    const ids = cutShort ? (found?.EventSourceMappings ?? []).map(({ UUID }: { UUID: string }) => UUID) : [id];
    for (const UUID of ids) await context.attempt(gone, 'lambda', 'DeleteEventSourceMapping', { UUID });
  },
});
