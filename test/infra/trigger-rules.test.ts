import { beforeAll, describe, expect, it } from 'vitest';
import type { FileRule } from '../../lib/component/plan.ts';
import { parseTriggerMessage } from '../../lib/runtime/parse-message.ts';
import { flightsPlan } from './fixtures/flights-plan.ts';
import { templateProblems } from './gates/template.ts';
import { ofType, synthesized, type Template } from './synthesized.ts';

let pipeline: Template;
let platform: Template;
beforeAll(async () => {
  const templates = await synthesized();
  pipeline = templates['penstock-flights']!;
  platform = templates.penstock!;
});

const rules = () =>
  ofType(pipeline, 'AWS::Events::Rule')
    .map(([, { Properties }]) => Properties)
    .filter(({ Targets }) => Targets[0].Id === 'trigger');

/** What EventBridge makes of a transformer: a placeholder that stands bare is replaced by its value as JSON. */
function transformed({ InputPathsMap, InputTemplate }: any, event: any): string {
  const text = typeof InputTemplate === 'string' ? InputTemplate : InputTemplate['Fn::Join'][1].map(resolved).join('');
  return text.replace(/<(\w+)>/g, (_: string, name: string) =>
    JSON.stringify(
      InputPathsMap[name]
        .slice(2)
        .split('.')
        .reduce((value: any, step: string) => value[step], event),
    ),
  );
}

function resolved(part: any): string {
  return typeof part === 'string'
    ? part
    : { 'AWS::Partition': 'aws', 'AWS::Region': 'eu-central-1', 'AWS::AccountId': '123456789012' }[part.Ref as string]!;
}

function objectCreated(key: string) {
  const object = { key, size: 1024, etag: 'e', 'version-id': 'v1', sequencer: '0062E99A88DC407460' };
  return { source: 'aws.s3', time: '2026-11-21T06:00:00Z', detail: { bucket: { name: 'lake' }, object } };
}

const stateMachineArn = 'arn:aws:states:eu-central-1:123456789012:stateMachine:penstock-flights';
const common = { pipeline: 'flights', planDigest: flightsPlan.digest, stateMachineArn };

describe('the rule of a file trigger', () => {
  it.each([
    'landing/flights/2001.parquet',
    'landing/flights/with "quotes" and \\ backslash',
    'landing/flights/line\nend\ttab',
    'landing/flights/Zürich ✈ 東京 + spaces & <tags>.csv',
    `landing/flights/${'x'.repeat(1000)}`,
  ])('makes a trigger message of the key %j', (key) => {
    const [rule] = rules();
    const body = transformed(rule.Targets[0].InputTransformer, objectCreated(key));
    expect(parseTriggerMessage(body)).toEqual({
      ...common,
      files: { prefix: 'landing/flights/' },
      trigger: {
        kind: 'file',
        bucket: 'lake',
        key,
        versionId: 'v1',
        size: 1024,
        sequencer: '0062E99A88DC407460',
        etag: 'e',
      },
    });
  });

  it('listens to objects below its prefix in the lake alone', () => {
    const [{ EventPattern }] = rules();
    expect(EventPattern).toEqual({
      source: ['aws.s3'],
      'detail-type': ['Object Created'],
      detail: {
        bucket: { name: [{ 'Fn::ImportValue': expect.stringContaining('LakeBucket') }] },
        object: { key: [{ prefix: 'landing/flights/' }] },
      },
    });
  });
});

describe('the rule of files that are run together', () => {
  let rule: (file: Omit<FileRule, 'prefix'>) => any;
  let policies: readonly any[];
  const rules_ = [
    { window: { seconds: 300, atMost: 3 } },
    { complete: { count: 24 }, reupload: 'run' },
    { complete: { marker: '_SUCCESS' } },
  ] as const;
  const prefix = 'landing/a*b<c>/';
  beforeAll(async () => {
    const triggers = rules_.map((one) => ({ kind: 'file', prefix, ...one }) as const);
    const templates = await synthesized([{ ...flightsPlan, triggers }]);
    const template = templates['penstock-flights']!;
    expect(templateProblems(template)).toEqual([]);
    expect(templateProblems(templates.penstock!)).toEqual([]);
    const found = ofType(template, 'AWS::Events::Rule').map(([, { Properties }]) => Properties);
    rule = (file) => found.find(({ Name }) => Name === `penstock-flights-file-${rules_.indexOf(file as never) + 1}`);
    policies = [...ofType(template, 'AWS::IAM::Policy'), ...ofType(template, 'AWS::IAM::Role')];
  });

  it.each(rules_)('tells %j along with the file', (file) => {
    const { Targets } = rule(file);
    const message = parseTriggerMessage(transformed(Targets[0].InputTransformer, objectCreated(`${prefix}x`)));
    expect(message.files).toEqual({ prefix, ...file });
  });

  it('listens to markers alone, in the prefix and below', () => {
    expect(rule(rules_[2]).EventPattern.detail.object.key).toEqual([
      `${prefix}_SUCCESS`,
      { wildcard: 'landing/a\\*b<c>/*/_SUCCESS' },
    ]);
    expect(rule(rules_[0]).EventPattern.detail.object.key).toEqual([{ prefix }]);
  });

  it('lets Extract ask which files those are', () => {
    expect(JSON.stringify(policies)).toContain('MEMBERS#flights#*');
  });
});

describe('the rule of a schedule', () => {
  it('makes a trigger message with the time of the schedule', () => {
    const [, { ScheduleExpression, Targets }] = rules() as [any, any];
    expect(ScheduleExpression).toBe('rate(1 day)');
    expect(parseTriggerMessage(transformed(Targets[0].InputTransformer, objectCreated('x')))).toEqual({
      ...common,
      schedule: { expression: 'rate(1 day)' },
      trigger: { kind: 'schedule', time: '2026-11-21T06:00:00Z' },
    });
  });
});

describe('the rule of a pipeline that comes after another', () => {
  it('listens on the bus of the runs, and makes a trigger message of the run that has completed', async () => {
    const plan = { ...flightsPlan, triggers: [{ kind: 'pipeline', pipeline: 'weather' }] } as const;
    const template = (await synthesized([plan]))['penstock-flights']!;
    const found = ofType(template, 'AWS::Events::Rule').map(([, { Properties }]) => Properties);
    const rule: any = found.find(({ Name }) => Name === 'penstock-flights-pipeline-1');
    expect(rule).toMatchObject({
      EventBusName: { 'Fn::ImportValue': expect.any(String) },
      EventPattern: { source: ['penstock'], 'detail-type': ['PipelineCompleted'], detail: { pipeline: ['weather'] } },
    });
    const event = { detail: { pipeline: 'weather', run: 'weather-1' } };
    expect(parseTriggerMessage(transformed(rule.Targets[0].InputTransformer, event))).toEqual({
      ...common,
      trigger: { kind: 'pipeline', run: 'weather-1' },
    });
    expect(templateProblems(template)).toEqual([]);
  });
});

describe('the rule of an event', () => {
  it('listens on the bus of who tells, and makes a trigger message of the id that stays', async () => {
    const detail = { pipeline: ['weather'] };
    const triggers = [
      { kind: 'event', source: ['com.shop'], detailType: ['OrdersExported'], detail: { shop: ['eu'] } },
      { kind: 'event', source: ['penstock'], detailType: ['QualityAlert'], detail },
    ] as const;
    const template = (await synthesized([{ ...flightsPlan, triggers }]))['penstock-flights']!;
    const found = ofType(template, 'AWS::Events::Rule').map(([, { Properties }]) => Properties);
    const [shop, own]: any[] = [1, 2].map((n) => found.find(({ Name }) => Name === `penstock-flights-event-${n}`));
    expect(shop.EventBusName).toBeUndefined();
    expect(shop.EventPattern).toEqual({
      source: ['com.shop'],
      'detail-type': ['OrdersExported'],
      detail: { shop: ['eu'] },
    });
    expect(own).toMatchObject({
      EventBusName: { 'Fn::ImportValue': expect.any(String) },
      EventPattern: { source: ['penstock'], 'detail-type': ['QualityAlert'], detail },
    });
    const event = { id: 'of EventBridge', detail: { id: 'of Penstock' } };
    const ids = [shop, own].map(
      ({ Targets }) => parseTriggerMessage(transformed(Targets[0].InputTransformer, event)).trigger,
    );
    expect(ids).toEqual([
      { kind: 'event', id: 'of EventBridge' },
      { kind: 'event', id: 'of Penstock' },
    ]);
    expect(templateProblems(template)).toEqual([]);
  });
});

describe('a schedule in a time zone', () => {
  let schedules: any[];
  let gateProblems: readonly unknown[];
  beforeAll(async () => {
    const expression = 'cron(0 6 * * ? *)';
    const plan = { ...flightsPlan, triggers: [{ kind: 'schedule', expression, zone: 'Europe/Berlin' }] } as const;
    const template = (await synthesized([plan]))['penstock-flights']!;
    schedules = ofType(template, 'AWS::Scheduler::Schedule').map(([, { Properties }]) => Properties);
    gateProblems = templateProblems(template);
    expect(ofType(template, 'AWS::Events::Rule').map(([, { Properties }]) => Properties.Name)).toEqual([
      'penstock-flights-ended',
      'penstock-flights-expired',
    ]);
  });

  it('is one of EventBridge Scheduler, which knows zones', () => {
    expect(schedules).toMatchObject([
      { Name: 'penstock-flights-schedule-1', ScheduleExpressionTimezone: 'Europe/Berlin' },
    ]);
  });

  it('passes every gate', () => expect(gateProblems).toEqual([]));

  it('makes a trigger message with the time that was due', () => {
    const { Input } = schedules[0].Target;
    const text = Input['Fn::Join'][1]
      .map(resolved)
      .join('')
      .replace('<aws.scheduler.scheduled-time>', '2026-11-21T05:00:00Z');
    expect(parseTriggerMessage(text)).toEqual({
      ...common,
      schedule: { expression: 'cron(0 6 * * ? *)', zone: 'Europe/Berlin' },
      trigger: { kind: 'schedule', time: '2026-11-21T05:00:00Z' },
    });
  });
});

describe('every rule', () => {
  it('has a name that the trigger queue admits, and a place for what cannot be delivered', () => {
    const policies = ofType(platform, 'AWS::SQS::QueuePolicy').map(([, { Properties }]) => JSON.stringify(Properties));
    expect(policies.filter((policy) => policy.includes(':rule/penstock-*')).length).toBe(2);
    for (const { Name, Targets } of rules()) {
      expect(Name).toMatch(/^penstock-flights-/);
      expect(Targets[0].DeadLetterConfig.Arn).toEqual({ 'Fn::ImportValue': expect.stringContaining('DeadLetters') });
    }
  });
});
