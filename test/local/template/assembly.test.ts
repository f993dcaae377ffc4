import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnOutput, CfnResource, Stack, Stage } from 'aws-cdk-lib';
import { afterAll, expect, it, vi } from 'vitest';
import { readAssembly } from '../../../local/template/assembly.ts';

const folder = mkdtempSync(join(tmpdir(), 'assembly-'));
// CDK's own validation of templates takes as long as the rest of synthesis.
vi.stubEnv('CDK_VALIDATION', 'false');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;
function synthesized(build: (app: App) => void): string {
  const app = new App({ outdir: join(folder, `${count++}`), analyticsReporting: false });
  build(app);
  return app.synth().directory;
}

const queue = (scope: Stack, id = 'Queue') => new CfnResource(scope, id, { type: 'AWS::SQS::Queue' });

it('puts stacks after those that they depend on', () => {
  const assembly = readAssembly(
    synthesized((app) => {
      const [a, b, c] = ['A', 'B', 'C'].map((name) => new Stack(app, name));
      queue(c!);
      new CfnOutput(a!, 'Out', { value: queue(b!).ref });
      b!.addStackDependency(c!);
      queue(a!);
    }),
  );
  expect(assembly.stacks.map(({ stackName }) => stackName)).toEqual(['C', 'B', 'A']);
});

it('reads the stacks of nested assemblies', () => {
  const assembly = readAssembly(
    synthesized((app) => {
      queue(new Stack(new Stage(app, 'Test'), 'Inner', { stackName: 'named' }));
    }),
  );
  expect(assembly.stacks.map(({ stackName }) => stackName)).toEqual(['named']);
});

it('takes account and region from the stacks that name them', () => {
  const env = { account: '111122223333', region: 'eu-north-1' };
  const assembly = readAssembly(synthesized((app) => queue(new Stack(app, 'A', { env }))));
  expect(assembly).toMatchObject({ accountId: env.account, region: env.region });
});

it('refuses an app of two regions', () => {
  const directory = synthesized((app) => {
    for (const region of ['eu-north-1', 'us-east-1'])
      queue(new Stack(app, region, { env: { region, account: '111122223333' } }));
  });
  expect(() => readAssembly(directory)).toThrow(/several accounts or regions \(111122223333, eu-north-1, us-east-1\)/);
});

it('refuses template sections and resource attributes that would be ignored', () => {
  const withTemplate = (template: object) => {
    const directory = join(folder, `${count++}`);
    mkdirSync(directory);
    const artifacts = { S: { type: 'aws:cloudformation:stack', properties: { templateFile: 't.json' } } };
    writeFileSync(join(directory, 'manifest.json'), JSON.stringify({ version: '1', artifacts }));
    writeFileSync(join(directory, 't.json'), JSON.stringify(template));
    return () => readAssembly(directory);
  };
  expect(withTemplate({ Transform: 'AWS::Serverless-2016-10-31' })).toThrow(/Transform \(stack S\)/);
  expect(withTemplate({ Hooks: {} })).toThrow(/Hooks/);
  const loop = { 'Fn::ForEach::Queues': ['Name', ['a'], { 'Queue${Name}': { Type: 'AWS::SQS::Queue' } }] };
  expect(withTemplate({ Resources: loop })).toThrow(/Fn::ForEach::Queues among the resources of S/);
  const Resources = { Q: { Type: 'AWS::SQS::Queue', CreationPolicy: {} } };
  expect(withTemplate({ Resources })).toThrow(/CreationPolicy \(S\/Q\)/);
});

it('says what to do where there is no assembly', () => {
  expect(() => readAssembly(tmpdir())).toThrow(/run cdk synth first/);
});
