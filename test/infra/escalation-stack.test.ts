import { beforeAll, describe, expect, test } from 'vitest';
import { idleCost } from '../../lib/infra/index.ts';
import { flightsPlan } from './fixtures/flights-plan.ts';
import { templateProblems } from './gates/template.ts';
import { ofType, synthesized, type Template } from './synthesized.ts';

const topic = 'arn:aws:sns:eu-central-1:123456789012:oncall';
const escalate = [
  { afterSeconds: 0, to: ['ada@example.com'] },
  { afterSeconds: 1800, to: ['https://example.com/hook', topic] },
  { afterSeconds: 3600, to: [`${topic}-2`] },
];
const nodes = flightsPlan.nodes.map((node) =>
  node.kind === 'source' ? { ...node, use: 'reference' as const, fallback: 'last-good' as const } : node,
);

describe('the stack of a pipeline that tells people, and falls back', () => {
  let template: Template;
  beforeAll(async () => {
    template = (await synthesized([{ ...flightsPlan, nodes, escalate }]))['penstock-flights']!;
  });
  const statementsOf = (name: string): any[] => {
    const [[, role]] = ofType(template, 'AWS::IAM::Role').filter(([id]) => id.startsWith(name)) as [[string, any]];
    return role.Properties.Policies[0].PolicyDocument.Statement;
  };

  test('passes every gate', () => expect(templateProblems(template)).toEqual([]));

  test('has a topic for each level that names addresses, and these as its receivers', () => {
    const topics = ofType(template, 'AWS::SNS::Topic').map(([, { Properties }]) => Properties.TopicName);
    expect(topics).toEqual(['penstock-flights-level-1', 'penstock-flights-level-2']);
    const receivers = ofType(template, 'AWS::SNS::Subscription').map(([, { Properties }]) => [
      Properties.Protocol,
      Properties.Endpoint,
    ]);
    expect(receivers).toEqual([
      ['email', 'ada@example.com'],
      ['https', 'https://example.com/hook'],
    ]);
  });

  test('costs the alarms of two machines and the polling of its buffer while nobody is to be told', () => {
    expect(idleCost(template).items).toEqual([
      expect.objectContaining({ what: 'alarm', quantity: 7 }),
      expect.objectContaining({ what: 'polling of a queue', quantity: 648_000 }),
    ]);
  });

  test('lets the machine call its function and publish to these topics, and the function read alone', () => {
    const machine = statementsOf('EscalationRole');
    expect(machine.map(({ Action }) => Action)).toEqual(['lambda:InvokeFunction', 'sns:Publish']);
    expect(JSON.stringify(machine[1].Resource)).toContain(`${topic}-2`);
    expect(machine[1].Resource).toHaveLength(4);
    const actions = statementsOf('EscalationChooserRole').flatMap(({ Action }) => Action);
    expect(actions.filter((action: string) => !action.startsWith('logs:'))).toEqual([
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:GetItem',
    ]);
  });

  test('begins with the events of this pipeline', () => {
    const [[, rule]] = ofType(template, 'AWS::Events::Rule').filter(([id]) => id.startsWith('EscalationRule')) as any;
    expect(rule.Properties.EventPattern).toMatchObject({
      'detail-type': expect.arrayContaining(['PipelineFailed', 'ReviewRequested', 'CircuitOpened']),
      detail: { pipeline: ['flights'] },
    });
  });

  test('lets Extract find what the last completed run has read, and nobody else', () => {
    const noted = (name: string) => JSON.stringify(statementsOf(name)).includes('reports/flights/inputs/*');
    expect(noted('StepsExtractRole')).toBe(true);
    for (const role of ['StepsInitializeRole', 'StepsPublishRole', 'WorkerFunctionRole'])
      expect(noted(role)).toBe(false);
  });
});

test('a pipeline that tells nobody has none of it', async () => {
  const { 'penstock-flights': template } = await synthesized();
  expect(Object.keys(template!.Resources).filter((id) => id.startsWith('Escalation'))).toEqual([]);
});

test('a receiver stays the same resource, whoever comes before it', async () => {
  const receiversOf = async (...to: string[]) => {
    const stacks = await synthesized([{ ...flightsPlan, escalate: [{ afterSeconds: 0, to }] }]);
    const receivers = ofType(stacks['penstock-flights']!, 'AWS::SNS::Subscription');
    return new Map(receivers.map(([id, { Properties }]) => [Properties.Endpoint, id]));
  };
  const before = await receiversOf('ada@example.com', 'bob@example.com');
  const after = await receiversOf('eve@example.com', 'bob@example.com', 'ada@example.com');
  expect([...after.keys()]).toHaveLength(3);
  for (const [endpoint, id] of before) expect(after.get(endpoint)).toBe(id);
});
