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
    const { UUID } = await context.call('lambda', 'CreateEventSourceMapping', mapping);
    return provisioned(UUID, context);
  },
  async update(mapping, context, { physicalId, properties: before }) {
    const { EventSourceArn: _, StartingPosition: _position, ...input } = withDefaults(mapping, before);
    await context.call('lambda', 'UpdateEventSourceMapping', { ...input, UUID: physicalId });
    return provisioned(physicalId, context);
  },
  async delete(UUID, context) {
    await context.attempt(['ResourceNotFoundException'], 'lambda', 'DeleteEventSourceMapping', { UUID });
  },
});
