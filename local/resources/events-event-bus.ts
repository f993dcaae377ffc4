import { defineResource, type ResourceContext } from '../provisioning/resource-type.ts';
import { tags, withoutEffect } from '../provisioning/shape.ts';

const provisioned = (name: string, { region, accountId }: ResourceContext) => ({
  physicalId: name,
  attributes: { Arn: `arn:aws:events:${region}:${accountId}:event-bus/${name}`, Name: name },
});

export default defineResource({
  type: 'AWS::Events::EventBus',
  properties: {
    Name: 'text',
    Description: 'text',
    DeadLetterConfig: { Arn: 'text' },
    KmsKeyIdentifier: withoutEffect('events are not encrypted at rest on this machine'),
    LogConfig: withoutEffect('event buses write no logs on this machine'),
    Tags: tags,
  },
  replacedBy: ['Name'],
  async create(bus, context) {
    const Name = context.name(bus.Name, { maxLength: 256 });
    await context.call('events', 'CreateEventBus', { ...bus, Name });
    return provisioned(Name, context);
  },
  async update(bus, context, { physicalId }) {
    await context.call('events', 'UpdateEventBus', { ...bus, Name: physicalId });
    return provisioned(physicalId, context);
  },
  async delete(Name, context) {
    await context.attempt(['ResourceNotFoundException'], 'events', 'DeleteEventBus', { Name });
  },
});
