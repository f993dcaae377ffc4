import { defineResource, type ResourceContext } from '../provisioning/resource-type.ts';
import { tags, type Value } from '../provisioning/shape.ts';

const properties = {
  Name: 'text',
  Description: 'text',
  EventBusName: 'text',
  EventPattern: 'json',
  ScheduleExpression: 'text',
  State: 'text',
  RoleArn: 'text',
  // EventBridge itself says which kinds of target it does not know.
  Targets: ['json'],
  Tags: tags,
} as const;

type Rule = Value<typeof properties>;

async function put(rule: Rule, name: string, context: ResourceContext) {
  const { Targets = [], EventPattern, ...rest } = rule;
  const pattern = EventPattern && { EventPattern: JSON.stringify(EventPattern) };
  const { RuleArn } = await context.call('events', 'PutRule', { ...rest, ...pattern, Name: name });
  const of = { Rule: name, EventBusName: rule.EventBusName };
  if (Targets.length) {
    const { FailedEntries = [] } = await context.call('events', 'PutTargets', { ...of, Targets });
    if (FailedEntries.length) throw new Error(FailedEntries.map((entry: any) => entry.ErrorMessage).join('; '));
  }
  const bus = rule.EventBusName?.split('/').at(-1);
  return { physicalId: name, ref: bus && bus !== 'default' ? `${bus}|${name}` : name, attributes: { Arn: RuleArn } };
}

const ids = (rule: Rule): string[] => (rule.Targets ?? []).map(({ Id }) => Id);

export default defineResource({
  type: 'AWS::Events::Rule',
  properties,
  replacedBy: ['Name', 'EventBusName'],
  create: (rule, context) => put(rule, context.name(rule.Name, { maxLength: 64 }), context),
  async update(rule, context, { physicalId, properties: before }) {
    const Ids = ids(before).filter((id) => !ids(rule).includes(id));
    const of = { Rule: physicalId, EventBusName: rule.EventBusName };
    if (Ids.length) await context.call('events', 'RemoveTargets', { ...of, Ids });
    return put(rule, physicalId, context);
  },
  async delete(name, context, { EventBusName, ...rule }) {
    const gone = ['ResourceNotFoundException'];
    if (rule.Targets?.length)
      await context.attempt(gone, 'events', 'RemoveTargets', { Rule: name, EventBusName, Ids: ids(rule) });
    await context.attempt(gone, 'events', 'DeleteRule', { Name: name, EventBusName });
  },
});
