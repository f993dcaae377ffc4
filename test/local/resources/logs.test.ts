import { afterAll, expect, it } from 'vitest';
import { manualClock } from '../../../local/clocks/manual.ts';
import { call, TemplateApps } from '../provisioning/template-app.ts';

const apps = new TemplateApps();
afterAll(() => apps.close());

const template = (FilterPattern: string) => ({
  Resources: {
    Group: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/jobs' } },
    Failures: {
      Type: 'AWS::Logs::MetricFilter',
      Properties: {
        LogGroupName: { Ref: 'Group' },
        FilterPattern,
        MetricTransformations: [
          {
            MetricName: 'Failures',
            MetricNamespace: 'Jobs',
            MetricValue: '$.count',
            Unit: 'Count',
            Dimensions: [{ Key: 'Job', Value: '$.job' }],
          },
        ],
      },
    },
    MayWrite: {
      Type: 'AWS::Logs::ResourcePolicy',
      Properties: {
        PolicyName: 'events',
        PolicyDocument: JSON.stringify({
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { Service: 'events.amazonaws.com' },
              Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
              Resource: '*',
            },
          ],
        }),
      },
    },
    ToGroup: {
      Type: 'AWS::Events::Rule',
      Properties: {
        EventPattern: { source: ['test'] },
        Targets: [
          {
            Id: 'log',
            Arn: { 'Fn::Sub': 'arn:aws:logs:${AWS::Region}:${AWS::AccountId}:log-group:${Group}' },
            InputTransformer: { InputPathsMap: { d: '$.detail' }, InputTemplate: '<d>' },
          },
        ],
      },
    },
  },
});

it('turn events that a rule writes into a log group into values of a metric', async () => {
  const clock = manualClock();
  const app = await apps.start({ S: template('{ $.level = "ERROR" }') }, { clock });
  const failed = async (level: string) => {
    const Entries = [{ Source: 'test', DetailType: 'x', Detail: JSON.stringify({ level, count: 3, job: 'a' }) }];
    await call(app, 'events', 'PutEvents', { Entries });
    await clock.advance(1000);
    const StartTime = new Date(clock.now() - 3_600_000);
    const { Datapoints } = await call(app, 'monitoring', 'GetMetricStatistics', {
      Namespace: 'Jobs',
      MetricName: 'Failures',
      Dimensions: [{ Name: 'Job', Value: 'a' }],
      StartTime,
      EndTime: new Date(clock.now() + 60_000),
      Period: 7200,
      Statistics: ['Sum'],
    });
    return Datapoints[0]?.Sum;
  };
  expect(await failed('ERROR')).toBe(3);
  expect(await failed('WARN')).toBe(3);
  await app.redeploy(apps.write({ S: template('{ $.level = "WARN" }') }));
  expect(await failed('WARN')).toBe(6);
});
