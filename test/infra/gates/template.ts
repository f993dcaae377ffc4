import type { Resource, Template } from '../synthesized.ts';
import { knownAction } from './iam-actions.ts';

/** What must not stand in a template of ours; one sentence each, with the resource's logical id. */
export function templateProblems(template: Template): string[] {
  const resources = Object.entries(template.Resources);
  return [
    ...resources.flatMap(([id, resource]) => [
      ...customResourceProblems(id, resource),
      ...policyProblems(id, resource),
      ...environmentProblems(id, resource),
      ...retentionProblems(id, resource),
    ]),
    ...queueProblems(template),
    ...consumerProblems(template),
  ];
}

function customResourceProblems(id: string, { Type }: Resource): string[] {
  const custom = Type.startsWith('Custom::') || Type === 'AWS::CloudFormation::CustomResource';
  return custom ? [`${id}: is a custom resource (${Type})`] : [];
}

/** IAM gives these no resource to name. */
const withoutResource =
  /^logs:(\w+LogDelivery|ListLogDeliveries|PutResourcePolicy|DescribeResourcePolicies|DescribeLogGroups)$/;

function policyProblems(id: string, resource: Resource): string[] {
  return statementsOf(resource).flatMap((statement) => {
    const actions = [statement.Action].flat();
    const problems = actions
      .filter((action) => !action.includes('*') && !knownAction(action))
      .map((action) => `${id}: IAM knows no ${action}`);
    // A Deny is the stronger the more it names.
    if (statement.Effect === 'Deny') return problems;
    const wild = actions.filter((action) => action.includes('*'));
    const everything = [statement.Resource].flat().includes('*');
    const named = actions.filter((action) => !withoutResource.test(action));
    return [
      ...problems,
      ...wild.map((action) => `${id}: allows ${action}`),
      ...(everything ? named.map((action) => `${id}: allows ${action} on every resource`) : []),
      ...(statement.NotAction || statement.NotResource ? [`${id}: allows by exclusion`] : []),
    ];
  });
}

function statementsOf({ Properties }: Resource): any[] {
  const documents = [
    Properties?.PolicyDocument,
    Properties?.AssumeRolePolicyDocument,
    ...(Properties?.Policies ?? []).map((policy: any) => policy.PolicyDocument),
  ];
  return documents.flatMap((document) => document?.Statement ?? []);
}

function environmentProblems(id: string, { Type, Properties }: Resource): string[] {
  if (Type !== 'AWS::Lambda::Function') return [];
  return Object.entries<any>(Properties.Environment?.Variables ?? {}).flatMap(([name, value]) => {
    const text = JSON.stringify(value);
    const secretName = /secret|passw|token|credential|private|api_?key/i.test(name);
    const secretValue = /(AKIA|ASIA)[A-Z0-9]{16}|-----BEGIN|:\/\/[^/]+:[^/]+@|\{\{resolve:/.test(text);
    return secretName || secretValue ? [`${id}: the environment variable ${name} looks like a secret`] : [];
  });
}

/** Data outlives its stack; logs do not pile up for ever. */
function retentionProblems(id: string, { Type, Properties, DeletionPolicy }: Resource): string[] {
  const data = Type === 'AWS::S3::Bucket' || Type === 'AWS::DynamoDB::Table';
  if (data && DeletionPolicy !== 'Retain') return [`${id}: goes away with its stack`];
  if (Type === 'AWS::Logs::LogGroup' && !Properties.RetentionInDays) return [`${id}: keeps its log for ever`];
  if (Type === 'AWS::Lambda::Function' && !Properties.LoggingConfig?.LogGroup)
    return [`${id}: writes to a log group of Lambda's making`];
  return [];
}

function queueProblems(template: Template): string[] {
  const queues = queuesOf(template);
  const deadLetters = new Set(
    queues.map(([, { Properties }]) => target(Properties.RedrivePolicy?.deadLetterTargetArn)),
  );
  return queues.flatMap(([id, { Properties }]) => {
    if (deadLetters.has(id) || Properties.RedrivePolicy) return [];
    return [`${id}: has no dead-letter queue`];
  });
}

/** A message must stay hidden for six times as long as its consumer may take; a bad record must not hold up all others. */
function consumerProblems(template: Template): string[] {
  return Object.entries(template.Resources).flatMap(([id, { Type, Properties }]) => {
    if (Type !== 'AWS::Lambda::EventSourceMapping') return [];
    // Streams have a position to start from.
    if (Properties.StartingPosition !== undefined)
      return Properties.BisectBatchOnFunctionError ? [] : [`${id}: fails good records with bad ones`];
    const queue = template.Resources[target(Properties.EventSourceArn) ?? '']!.Properties;
    const timeout = template.Resources[target(Properties.FunctionName) ?? '']!.Properties.Timeout;
    return [
      ...(queue.VisibilityTimeout >= 6 * timeout
        ? []
        : [`${id}: shows messages again after ${queue.VisibilityTimeout} s`]),
      ...(Properties.FunctionResponseTypes?.includes('ReportBatchItemFailures')
        ? []
        : [`${id}: returns whole batches`]),
      ...(Properties.ScalingConfig?.MaximumConcurrency >= 2 ? [] : [`${id}: has no maximum concurrency`]),
    ];
  });
}

function queuesOf(template: Template): [string, Resource][] {
  return Object.entries(template.Resources).filter(([, { Type }]) => Type === 'AWS::SQS::Queue');
}

/** Logical id that a Ref or GetAtt leads to. */
function target(reference: any): string | undefined {
  return reference?.Ref ?? reference?.['Fn::GetAtt']?.[0];
}
