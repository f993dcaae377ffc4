import { defineResource, type ResourceContext } from '../provisioning/resource-type.ts';
import { type Value, withoutEffect } from '../provisioning/shape.ts';

const properties = {
  Name: 'text',
  GroupName: 'text',
  Description: 'text',
  ScheduleExpression: 'text',
  ScheduleExpressionTimezone: 'text',
  FlexibleTimeWindow: { Mode: 'text', MaximumWindowInMinutes: 'number' },
  StartDate: 'text',
  EndDate: 'text',
  State: 'text',
  // The Scheduler itself says which kinds of target it does not know.
  Target: 'json',
  KmsKeyArn: withoutEffect('schedules are not encrypted at rest on this machine'),
} as const;

const input = ({ StartDate, EndDate, ...rest }: Value<typeof properties>, Name: string) => ({
  ...rest,
  Name,
  ...(StartDate && { StartDate: new Date(StartDate) }),
  ...(EndDate && { EndDate: new Date(EndDate) }),
});

const provisioned = (name: string, group: string | undefined, { region, accountId }: ResourceContext) => ({
  physicalId: name,
  attributes: { Arn: `arn:aws:scheduler:${region}:${accountId}:schedule/${group ?? 'default'}/${name}` },
});

export default defineResource({
  type: 'AWS::Scheduler::Schedule',
  properties,
  replacedBy: ['Name', 'GroupName'],
  async create(schedule, context) {
    const Name = context.name(schedule.Name, { maxLength: 64 });
    await context.call('scheduler', 'CreateSchedule', input(schedule, Name));
    return provisioned(Name, schedule.GroupName, context);
  },
  async update(schedule, context, { physicalId }) {
    await context.call('scheduler', 'UpdateSchedule', input(schedule, physicalId));
    return provisioned(physicalId, schedule.GroupName, context);
  },
  async delete(Name, context, { GroupName }) {
    await context.attempt(['ResourceNotFoundException'], 'scheduler', 'DeleteSchedule', { Name, GroupName });
  },
});
