import { beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { compile } from '../../lib/compiler/index.ts';
import type { Plan } from '../../lib/component/plan.ts';
import { enrich, from, lake, mask, pipeline, s3 } from '../../lib/index.ts';
import { pipelineModule } from '../../lib/infra/bundle/pipeline-module.ts';
import { flightsPlan } from './fixtures/flights-plan.ts';
import { templateProblems } from './gates/template.ts';
import { ofType, synthesized, type Template } from './synthesized.ts';

const person = z.object({ email: z.string(), city: z.string() });
const people = from(s3({ prefix: 'landing/people/', format: 'csv' }), person).pipe(
  mask({
    email: { method: 'hash', secret: 'secretsmanager:shop/key' },
    city: { method: 'tokenise', secret: 'ssm:/shop/token' },
  }),
);
const cities = from(s3({ key: 'reference/cities.csv' }), z.object({ name: z.string(), code: z.string() })).pipe(
  mask({ name: { method: 'tokenise', secret: 'ssm:/shop/token' } }),
);

let plan: Plan;
let template: Template;
beforeAll(async () => {
  const output = people.pipe(enrich({ with: cities, on: 'city = name', take: ['code'] })).to(lake({ table: 'people' }));
  plan = await compile(pipeline('people', { outputs: [output] }));
  template = (await synthesized([plan]))['penstock-people']!;
});

/** What the role of a function may do with secrets: action → resources, names only. */
function allowed(name: string): Record<string, string[]> {
  const [[, role]] = ofType(template, 'AWS::IAM::Role').filter(([id]) => id.startsWith(name)) as [[string, any]];
  const statements: any[] = role.Properties.Policies.flatMap((policy: any) => policy.PolicyDocument.Statement);
  const found = statements.filter(({ Action }) => /^(secretsmanager|ssm):/.test([Action].flat()[0]));
  return Object.fromEntries(
    found.map(({ Action, Resource }) => [Action, [Resource].flat().map((arn: any) => arn['Fn::Join'][1].at(-1))]),
  );
}

describe('a pipeline that hashes', () => {
  test('lets workers read just the secrets of its steps, and Extract those of its references', () => {
    expect(allowed('WorkerFunctionRole')).toEqual({
      'secretsmanager:GetSecretValue': [':secret:shop/key-??????'],
      'ssm:GetParameter': [':parameter/shop/token'],
    });
    // Extract only asks which version of the key is current.
    expect(allowed('StepsExtractRole')).toEqual({
      'secretsmanager:DescribeSecret': [':secret:shop/key-??????'],
      'ssm:GetParameter': [':parameter/shop/token'],
    });
    for (const other of ['StepsAssessRole', 'StepsPublishRole', 'StepsCommitRole', 'StepsInitializeRole'])
      expect(allowed(other), other).toEqual({});
  });

  test('passes every gate', () => expect(templateProblems(template)).toEqual([]));

  test('brings the clients for it; one that does not brings none', () => {
    expect(pipelineModule({ plan })).toContain('aws-secrets.ts');
    expect(pipelineModule({ plan: flightsPlan })).not.toContain('aws-secrets.ts');
  });
});
