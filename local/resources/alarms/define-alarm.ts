import { defineResource, type ResourceContext } from '../../provisioning/resource-type.ts';
import type { ObjectShape } from '../../provisioning/shape.ts';
import { tags } from '../../provisioning/shape.ts';

/** What plain and composite alarms have in common. */
const common = {
  AlarmName: 'text',
  AlarmDescription: 'text',
  ActionsEnabled: 'flag',
  OKActions: ['text'],
  AlarmActions: ['text'],
  InsufficientDataActions: ['text'],
  Tags: tags,
} as const;

/** An alarm's resource type: CloudWatch puts alarms, so that creating and updating are one operation. */
export function defineAlarm(alarm: {
  readonly type: string;
  readonly operation: string;
  readonly properties: ObjectShape;
}) {
  const name = (properties: any, context: ResourceContext) => context.name(properties.AlarmName, { maxLength: 255 });
  const provisioned = (physicalId: string, { region, accountId }: ResourceContext) => ({
    physicalId,
    attributes: { Arn: `arn:aws:cloudwatch:${region}:${accountId}:alarm:${physicalId}` },
  });
  const put = async (properties: object, AlarmName: string, context: ResourceContext) => {
    await context.call('monitoring', alarm.operation, { ...properties, AlarmName });
    return provisioned(AlarmName, context);
  };
  return defineResource({
    type: alarm.type,
    properties: { ...common, ...alarm.properties },
    replacedBy: ['AlarmName'],
    create: (properties, context) => put(properties, name(properties, context), context),
    update: (properties, context, { physicalId }) => put(properties, physicalId, context),
    async delete(physicalId, context) {
      await context.attempt(['ResourceNotFound'], 'monitoring', 'DeleteAlarms', { AlarmNames: [physicalId] });
    },
  });
}
