import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { call, TemplateApps } from '../provisioning/template-app.ts';

const apps = new TemplateApps();
afterAll(() => apps.close());

const arn = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
const role = (Service: string) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service } }] },
  },
});
const schedule = (ScheduleExpression: string, more: object = {}) => ({
  Type: 'AWS::Scheduler::Schedule',
  Properties: {
    ScheduleExpression,
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: { Arn: arn('Queue'), RoleArn: arn('Role'), Input: '{}' },
    ...more,
  },
});
const resources = (Service: string, daily: object) => ({
  Queue: { Type: 'AWS::SQS::Queue' },
  Role: role(Service),
  Daily: daily,
});

it('makes a schedule, changes it in place and takes it away', async () => {
  const dataFolder = join(apps.folder, 'schedule');
  const trusted = 'scheduler.amazonaws.com';
  const EndDate = '2099-01-01T00:00:00Z';
  const first = await apps.start(
    { S: { Resources: resources(trusted, schedule('rate(1 day)', { EndDate })) } },
    { dataFolder },
  );
  const Name = first.stacks.S!.resources.Daily!.ref;
  const shown = await call(first, 'scheduler', 'GetSchedule', { Name });
  expect(shown).toMatchObject({
    ScheduleExpression: 'rate(1 day)',
    Arn: first.stacks.S!.resources.Daily!.attributes.Arn,
  });
  expect(new Date(shown.EndDate)).toEqual(new Date(EndDate));
  await apps.stop(first);
  const changed = resources(trusted, schedule('cron(0 6 * * ? *)', { State: 'DISABLED' }));
  const second = await apps.start({ S: { Resources: changed } }, { dataFolder });
  const after = await call(second, 'scheduler', 'GetSchedule', { Name });
  expect(after).toMatchObject({ ScheduleExpression: 'cron(0 6 * * ? *)', State: 'DISABLED' });
  await apps.stop(second);
  const third = await apps.start({ S: { Resources: {} } }, { dataFolder });
  expect((await call(third, 'scheduler', 'ListSchedules')).Schedules).toEqual([]);
  await apps.stop(third);
});

it('puts a schedule into a group', async () => {
  const Group = { Type: 'AWS::Scheduler::ScheduleGroup', Properties: { Name: 'reports' } };
  const daily = schedule('rate(1 day)', { GroupName: { Ref: 'Group' } });
  const app = await apps.start({ S: { Resources: { Group, ...resources('scheduler.amazonaws.com', daily) } } });
  const { Schedules } = await call(app, 'scheduler', 'ListSchedules', { GroupName: 'reports' });
  expect(Schedules.map(({ Arn }: any) => Arn)).toEqual([app.stacks.S!.resources.Daily!.attributes.Arn]);
});

it('refuses a role that does not trust the Scheduler', async () => {
  const starting = apps.start({ S: { Resources: resources('lambda.amazonaws.com', schedule('rate(1 day)')) } });
  await expect(starting).rejects.toThrow('must allow AWS EventBridge Scheduler to assume the role');
});
