import { defineResource, type ResourceContext } from '../provisioning/resource-type.ts';
import { type Value, withoutEffect } from '../provisioning/shape.ts';

const properties = {
  ArchiveName: 'text',
  SourceArn: 'text',
  Description: 'text',
  EventPattern: 'json',
  RetentionDays: 'number',
  KmsKeyIdentifier: withoutEffect('events are not encrypted at rest on this machine'),
} as const;

const input = ({ EventPattern, SourceArn: _, ...rest }: Value<typeof properties>) => ({
  ...rest,
  ...(EventPattern && { EventPattern: JSON.stringify(EventPattern) }),
});

const provisioned = (name: string, { region, accountId }: ResourceContext) => ({
  physicalId: name,
  attributes: { Arn: `arn:aws:events:${region}:${accountId}:archive/${name}`, ArchiveName: name },
});

export default defineResource({
  type: 'AWS::Events::Archive',
  properties,
  replacedBy: ['ArchiveName', 'SourceArn'],
  async create(archive, context) {
    const ArchiveName = context.name(archive.ArchiveName, { maxLength: 48 });
    await context.call('events', 'CreateArchive', {
      ...input(archive),
      ArchiveName,
      EventSourceArn: archive.SourceArn,
    });
    return provisioned(ArchiveName, context);
  },
  async update(archive, context, { physicalId }) {
    await context.call('events', 'UpdateArchive', { ...input(archive), ArchiveName: physicalId });
    return provisioned(physicalId, context);
  },
  async delete(ArchiveName, context) {
    await context.attempt(['ResourceNotFoundException'], 'events', 'DeleteArchive', { ArchiveName });
  },
});
