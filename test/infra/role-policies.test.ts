import { beforeAll, describe, expect, test } from 'vitest';
import type { OutputNode, Plan } from '../../lib/component/plan.ts';
import { flightsPlan } from './fixtures/flights-plan.ts';
import { templateProblems } from './gates/template.ts';
import { ofType, synthesized, type Template } from './synthesized.ts';

const output = flightsPlan.nodes.find((node): node is OutputNode => node.kind === 'output')!;

/** The same pipeline, which publishes so many tables more. */
function withTables(count: number): Plan {
  const tables = Array.from({ length: count }, (_, index) => `customers_of_region_${index}`);
  const more = tables.map((table) => ({ ...output, id: `table.${table}`, table }));
  return { ...flightsPlan, nodes: [...flightsPlan.nodes, ...more] };
}

const longest: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws-us-gov',
  'AWS::Region': 'ap-southeast-1',
  'AWS::AccountId': '123456789012',
};

/** Characters of a policy, the values of the deployment at their longest. */
function lengthOf(document: unknown): number {
  const deployed = (_: string, value: any) => {
    if (value?.['Fn::Join']) return value['Fn::Join'][1].map((part: any) => deployed('', part)).join('');
    const isOpen = value?.Ref ?? value?.['Fn::ImportValue'] ?? value?.['Fn::GetAtt'];
    return isOpen ? (longest[isOpen] ?? 'x'.repeat(100)) : value;
  };
  return JSON.stringify(document, deployed).length;
}

describe('a pipeline that publishes sixty tables', () => {
  let template: Template;
  beforeAll(async () => {
    template = (await synthesized([withTables(60)]))['penstock-flights']!;
  });

  test('passes every gate', () => expect(templateProblems(template)).toEqual([]));

  test('has no role with more text in itself, or in a policy, than IAM takes, and no role with too many policies', () => {
    const roles = ofType(template, 'AWS::IAM::Role').map(([, { Properties }]) => Properties);
    const inline = roles.flatMap(({ Policies = [] }) => Policies.map((one: any) => lengthOf(one.PolicyDocument)));
    expect(Math.max(...inline)).toBeLessThanOrEqual(10_240);
    const managed = ofType(template, 'AWS::IAM::ManagedPolicy').map(([, one]) =>
      lengthOf(one.Properties.PolicyDocument),
    );
    expect(managed.length).toBeGreaterThan(0);
    expect(Math.max(...managed)).toBeLessThanOrEqual(6_144);
    expect(Math.max(...roles.map(({ ManagedPolicyArns = [] }) => ManagedPolicyArns.length))).toBeLessThanOrEqual(10);
  });

  test('lets Commit at every table, in one place or the other', () => {
    const [[, role]] = ofType(template, 'AWS::IAM::Role').filter(([id]) => id.startsWith('StepsCommitRole')) as any;
    const beside = role.Properties.ManagedPolicyArns.map(({ Ref }: any) => template.Resources[Ref]!.Properties);
    const statements = [role.Properties.Policies[0], ...beside].flatMap(
      ({ PolicyDocument }) => PolicyDocument.Statement,
    );
    const may = (action: string) =>
      JSON.stringify(statements.filter(({ Action }) => [Action].flat().includes(action)).map((one) => one.Resource));
    for (let index = 0; index < 60; index++) {
      expect(may('s3:PutObject')).toContain(`/curated/customers_of_region_${index}/*`);
      expect(may('glue:UpdateTable')).toContain(`/customers_of_region_${index}"`);
    }
  });
});

test('one whose roles cannot have room enough is refused before anything is deployed', async () => {
  await expect(synthesized([withTables(200)])).rejects.toMatchObject({
    code: 'ROLE_TOO_LARGE',
    change: expect.stringContaining('part the pipeline'),
  });
});
