import { defineResource, type ResourceContext } from '../provisioning/resource-type.ts';
import type { Value } from '../provisioning/shape.ts';

const properties = {
  EventBusName: 'text',
  StatementId: 'text',
  Statement: 'json',
  Action: 'text',
  Principal: 'text',
  Condition: { Key: 'text', Type: 'text', Value: 'text' },
} as const;

/** A bus has one policy document; each resource of this type is one statement of it. */
async function put(policy: Value<typeof properties>, context: ResourceContext) {
  const { EventBusName = 'default', StatementId, Statement, ...rest } = policy;
  if (!Statement) await context.call('events', 'PutPermission', { EventBusName, StatementId, ...rest });
  else {
    await context.exclusively(`bus-policy/${EventBusName}`, async () => {
      const { Policy } = await context.call('events', 'DescribeEventBus', { Name: EventBusName });
      const document = Policy ? JSON.parse(Policy) : { Version: '2012-10-17', Statement: [] };
      const others = document.Statement.filter(({ Sid }: { Sid?: string }) => Sid !== StatementId);
      const changed = { ...document, Statement: [...others, { ...Statement, Sid: StatementId }] };
      await context.call('events', 'PutPermission', { EventBusName, Policy: JSON.stringify(changed) });
    });
  }
  return { physicalId: context.name(undefined, { maxLength: 128 }) };
}

export default defineResource({
  type: 'AWS::Events::EventBusPolicy',
  properties,
  replacedBy: ['EventBusName', 'StatementId'],
  create: put,
  update: put,
  async delete(_id, context, { EventBusName, StatementId }) {
    await context.attempt(['ResourceNotFoundException'], 'events', 'RemovePermission', { EventBusName, StatementId });
  },
});
