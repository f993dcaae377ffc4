import { describe, expect, it } from 'vitest';
import type { Resource } from '../synthesized.ts';
import { templateProblems } from './template.ts';

const policy = (...Statement: object[]): Resource => ({
  Type: 'AWS::IAM::Policy',
  Properties: { PolicyDocument: { Statement } },
});
const allow = (Action: unknown, Resource: unknown = 'arn:aws:s3:::lake/x') =>
  policy({ Effect: 'Allow', Action, Resource });
const withVariable = (name: string, value: string): Resource => ({
  Type: 'AWS::Lambda::Function',
  Properties: { LoggingConfig: { LogGroup: 'log' }, Environment: { Variables: { [name]: value } } },
});

describe('the gates of a template', () => {
  it.each<[string, Resource, string]>([
    ['a custom resource', { Type: 'Custom::S3AutoDelete', Properties: {} }, 'is a custom resource'],
    ['an action with a wildcard', allow('s3:*'), 'allows s3:*'],
    ['an allowance on every resource', allow('s3:GetObject', '*'), 'on every resource'],
    [
      'an allowance on every resource among others',
      allow('s3:GetObject', ['arn:aws:s3:::lake/x', '*']),
      'on every resource',
    ],
    ['an action that IAM does not know', allow('s3:GetObjects'), 'knows no s3:GetObjects'],
    [
      'an operation that IAM covers by another action',
      allow('dynamodb:TransactWriteItems'),
      'knows no dynamodb:TransactWriteItems',
    ],
    ['an action of a service without a client', allow('ec2:RunInstances'), 'knows no ec2:RunInstances'],
    [
      'an allowance by exclusion',
      policy({ Effect: 'Allow', Action: 's3:GetObject', NotResource: 'x' }),
      'by exclusion',
    ],
    ['a secret by its name', withVariable('DATABASE_PASSWORD', 'x'), 'looks like a secret'],
    ['a secret by its value', withVariable('DATABASE', 'postgres://user:word@host/db'), 'looks like a secret'],
    ['a key by its value', withVariable('USER', 'AKIAIOSFODNN7EXAMPLE'), 'looks like a secret'],
    ['a queue without a dead-letter queue', { Type: 'AWS::SQS::Queue', Properties: {} }, 'no dead-letter queue'],
    ['a table that goes away', { Type: 'AWS::DynamoDB::Table', Properties: {}, DeletionPolicy: 'Delete' }, 'goes away'],
    ['a log without an end', { Type: 'AWS::Logs::LogGroup', Properties: {} }, 'for ever'],
    ['a function without a log of ours', { Type: 'AWS::Lambda::Function', Properties: {} }, "Lambda's making"],
  ])('find %s', (_, resource, problem) => {
    expect(templateProblems({ Resources: { X: resource } }).join('\n')).toContain(problem);
  });

  it('find a consumer that is slower than its queue is patient', () => {
    const Resources = {
      Queue: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 100, RedrivePolicy: {} } },
      Worker: { Type: 'AWS::Lambda::Function', Properties: { Timeout: 30, LoggingConfig: { LogGroup: 'log' } } },
      Consumer: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: { EventSourceArn: { 'Fn::GetAtt': ['Queue', 'Arn'] }, FunctionName: { Ref: 'Worker' } },
      },
    };
    expect(templateProblems({ Resources }).map((problem) => problem.slice(10))).toEqual([
      'shows messages again after 100 s',
      'returns whole batches',
      'has no maximum concurrency',
    ]);
  });

  it('let a Deny name everything', () => {
    expect(templateProblems({ Resources: { X: policy({ Effect: 'Deny', Action: 's3:*', Resource: '*' }) } })).toEqual(
      [],
    );
  });
});
