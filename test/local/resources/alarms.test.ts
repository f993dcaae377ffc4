import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { call, TemplateApps } from '../provisioning/template-app.ts';

const apps = new TemplateApps();
afterAll(() => apps.close());

const alarm = (Properties: object) => ({
  Type: 'AWS::CloudWatch::Alarm',
  Properties: {
    AlarmName: 'late',
    Namespace: 'AWS/SQS',
    MetricName: 'ApproximateAgeOfOldestMessage',
    Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': ['Queue', 'QueueName'] } }],
    Statistic: 'Maximum',
    Period: 60,
    EvaluationPeriods: 1,
    ComparisonOperator: 'GreaterThanThreshold',
    ...Properties,
  },
});
const composite = {
  Type: 'AWS::CloudWatch::CompositeAlarm',
  Properties: { AlarmName: 'all', AlarmRule: { 'Fn::Sub': 'ALARM("${Late}")' } },
};
const dashboard = (text: string) => ({
  Type: 'AWS::CloudWatch::Dashboard',
  Properties: {
    DashboardName: 'd',
    DashboardBody: JSON.stringify({ widgets: [{ type: 'text', properties: { markdown: text } }] }),
  },
});
const Queue = { Type: 'AWS::SQS::Queue' };

it('sets alarms and dashboards, changes them in place and takes them away', async () => {
  const dataFolder = join(apps.folder, 'alarms');
  const resources = (threshold: number, text: string) => ({
    Queue,
    Late: alarm({ Threshold: threshold }),
    All: composite,
    Board: dashboard(text),
  });
  const first = await apps.start({ S: { Resources: resources(60, 'one') } }, { dataFolder });
  const { MetricAlarms } = await call(first, 'monitoring', 'DescribeAlarms', { AlarmNames: ['late'] });
  expect(MetricAlarms).toMatchObject([{ Threshold: 60, AlarmArn: first.stacks.S!.resources.Late!.attributes.Arn }]);
  const { CompositeAlarms } = await call(first, 'monitoring', 'DescribeAlarms', { AlarmTypes: ['CompositeAlarm'] });
  expect(CompositeAlarms).toMatchObject([{ AlarmName: 'all', AlarmRule: 'ALARM("late")' }]);
  await apps.stop(first);
  const second = await apps.start({ S: { Resources: resources(90, 'two') } }, { dataFolder });
  const changed = await call(second, 'monitoring', 'DescribeAlarms', { AlarmNames: ['late'] });
  expect(changed.MetricAlarms).toMatchObject([{ Threshold: 90 }]);
  const { DashboardBody } = await call(second, 'monitoring', 'GetDashboard', { DashboardName: 'd' });
  expect(DashboardBody).toContain('two');
  await apps.stop(second);
  const third = await apps.start({ S: { Resources: { Queue } } }, { dataFolder });
  expect((await call(third, 'monitoring', 'DescribeAlarms')).MetricAlarms).toEqual([]);
  await expect(call(third, 'monitoring', 'GetDashboard', { DashboardName: 'd' })).rejects.toThrow();
  await apps.stop(third);
});
