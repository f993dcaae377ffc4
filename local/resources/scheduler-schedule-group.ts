import { defineResource } from '../provisioning/resource-type.ts';
import { tags } from '../provisioning/shape.ts';

export default defineResource({
  type: 'AWS::Scheduler::ScheduleGroup',
  properties: { Name: 'text', Tags: tags },
  async create(group, context) {
    const Name = context.name(group.Name, { maxLength: 64 });
    const { ScheduleGroupArn } = await context.call('scheduler', 'CreateScheduleGroup', { Name });
    return { physicalId: Name, attributes: { Arn: ScheduleGroupArn, State: 'ACTIVE' } };
  },
  async delete(Name, context) {
    await context.attempt(['ResourceNotFoundException'], 'scheduler', 'DeleteScheduleGroup', { Name });
  },
});
