import { describe, expect, it } from 'vitest';
import type { RequestContext } from '../../../local/iam/conditions.ts';
import { evaluateIdentity, evaluateResource } from '../../../local/iam/evaluate.ts';
import { readPolicy } from '../../../local/iam/policy.ts';

const document = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
const allow = (Action: unknown, Resource: unknown = '*', more: object = {}) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
});
const deny = (Action: unknown, Resource: unknown = '*', more: object = {}) => ({
  ...allow(Action, Resource, more),
  Effect: 'Deny',
});

function decide(
  statements: object[],
  action: string,
  resource: string,
  context: Record<string, string | string[]> = {},
) {
  const keys: RequestContext = new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), value]));
  const request = { action: action.toLowerCase(), resource, context: () => keys };
  return evaluateIdentity([readPolicy(document(...statements), 'identity')], request).effect ?? 'silent';
}

describe('actions and resources', () => {
  const object = 'arn:aws:s3:::lake/landing/a/b.csv';
  it.each<[string, object[], string, string, string]>([
    ['an exact action', [allow('s3:GetObject')], 's3:GetObject', object, 'Allow'],
    ['an action in other case', [allow('S3:getobject')], 's3:GetObject', object, 'Allow'],
    ['a wildcard in the action', [allow('s3:Get*')], 's3:GetObjectTagging', object, 'Allow'],
    ['an action of which another is the beginning', [allow('s3:GetObject')], 's3:GetObjectAcl', object, 'silent'],
    ['a question mark', [allow('s3:GetObjec?')], 's3:GetObject', object, 'Allow'],
    ['a dot, which is just a dot', [allow('s3:Get.bject')], 's3:GetObject', object, 'silent'],
    ['a prefix of objects', [allow('s3:*', 'arn:aws:s3:::lake/landing/*')], 's3:GetObject', object, 'Allow'],
    ['the bucket alone', [allow('s3:*', 'arn:aws:s3:::lake')], 's3:GetObject', object, 'silent'],
    [
      'another account',
      [allow('sqs:*', 'arn:aws:sqs:*:1:*')],
      'sqs:SendMessage',
      'arn:aws:sqs:us-east-1:2:q:1:x',
      'silent',
    ],
    ['a deny beside an allow', [allow('s3:*'), deny('s3:GetObject')], 's3:GetObject', object, 'Deny'],
    [
      'NotAction',
      [{ Effect: 'Allow', NotAction: 's3:*', Resource: '*' }],
      'sqs:SendMessage',
      'arn:aws:sqs:a:1:q',
      'Allow',
    ],
    [
      'NotAction of this action',
      [{ Effect: 'Allow', NotAction: 's3:*', Resource: '*' }],
      's3:GetObject',
      object,
      'silent',
    ],
    [
      'NotResource',
      [{ Effect: 'Deny', Action: '*', NotResource: 'arn:aws:s3:::lake/*' }],
      's3:GetObject',
      object,
      'silent',
    ],
    [
      'NotResource elsewhere',
      [{ Effect: 'Deny', Action: '*', NotResource: 'arn:aws:s3:::lake/*' }],
      's3:GetObject',
      'arn:aws:s3:::other/x',
      'Deny',
    ],
  ])('%s', (_name, statements, action, resource, expected) => {
    expect(decide(statements, action, resource)).toBe(expected);
  });
});

describe('conditions', () => {
  const with_ = (Condition: object, context: Record<string, string | string[]>) =>
    decide([allow('*', '*', { Condition })], 's3:ListBucket', 'arn:aws:s3:::lake', context);
  it.each<[string, object, Record<string, string | string[]>, string]>([
    ['StringEquals', { StringEquals: { 's3:prefix': ['a', 'b'] } }, { 's3:prefix': 'b' }, 'Allow'],
    ['StringEquals without the key', { StringEquals: { 's3:prefix': 'a' } }, {}, 'silent'],
    ['StringEqualsIfExists without the key', { StringEqualsIfExists: { 's3:prefix': 'a' } }, {}, 'Allow'],
    ['StringNotEquals', { StringNotEquals: { 's3:prefix': ['a', 'b'] } }, { 's3:prefix': 'b' }, 'silent'],
    ['StringNotEquals without the key', { StringNotEquals: { 's3:prefix': 'a' } }, {}, 'Allow'],
    ['StringLike', { StringLike: { 's3:prefix': 'landing/*' } }, { 's3:prefix': 'landing/x/' }, 'Allow'],
    [
      'ArnLike by its parts',
      { ArnLike: { 'aws:SourceArn': 'arn:aws:events:*:1:rule/*' } },
      { 'aws:SourceArn': 'arn:aws:events:eu:1:rule/r' },
      'Allow',
    ],
    [
      'ArnEquals of another',
      { ArnEquals: { 'aws:SourceArn': 'arn:aws:events:eu:1:rule/a' } },
      { 'aws:SourceArn': 'arn:aws:events:eu:1:rule/b' },
      'silent',
    ],
    ['Bool', { Bool: { 'aws:SecureTransport': true } }, { 'aws:SecureTransport': 'true' }, 'Allow'],
    ['NumericLessThan', { NumericLessThan: { 's3:TlsVersion': '1.2' } }, { 's3:TlsVersion': '1.3' }, 'silent'],
    [
      'DateGreaterThan',
      { DateGreaterThan: { 'aws:CurrentTime': '2026-01-01T00:00:00Z' } },
      { 'aws:CurrentTime': '2026-06-01T00:00:00Z' },
      'Allow',
    ],
    [
      'IpAddress',
      { IpAddress: { 'aws:SourceIp': ['10.0.0.0/8', '127.0.0.1'] } },
      { 'aws:SourceIp': '127.0.0.1' },
      'Allow',
    ],
    ['IpAddress elsewhere', { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }, { 'aws:SourceIp': '11.0.0.1' }, 'silent'],
    ['NotIpAddress', { NotIpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }, { 'aws:SourceIp': '11.0.0.1' }, 'Allow'],
    [
      'IpAddress, version 6',
      { IpAddress: { 'aws:SourceIp': '2001:db8::/32' } },
      { 'aws:SourceIp': '2001:db8::1' },
      'Allow',
    ],
    [
      'a key that no request here has',
      { StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' } },
      {},
      'silent',
    ],
    ['BoolIfExists without the key', { BoolIfExists: { 'aws:MultiFactorAuthPresent': false } }, {}, 'Allow'],
    ['Null true of a missing key', { Null: { 'aws:SourceArn': 'true' } }, {}, 'Allow'],
    ['Null false of a missing key', { Null: { 'aws:SourceArn': 'false' } }, {}, 'silent'],
    [
      'two operators, of which one fails',
      { StringEquals: { 's3:prefix': 'a' }, Null: { 's3:prefix': 'true' } },
      { 's3:prefix': 'a' },
      'silent',
    ],
    [
      'ForAllValues',
      { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['a', 'b'] } },
      { 'dynamodb:LeadingKeys': ['a', 'b'] },
      'Allow',
    ],
    [
      'ForAllValues with one too many',
      { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['a'] } },
      { 'dynamodb:LeadingKeys': ['a', 'b'] },
      'silent',
    ],
    ['ForAllValues without the key', { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['a'] } }, {}, 'Allow'],
    [
      'ForAnyValue',
      { 'ForAnyValue:StringLike': { 'dynamodb:LeadingKeys': 'a*' } },
      { 'dynamodb:LeadingKeys': ['x', 'ab'] },
      'Allow',
    ],
    ['ForAnyValue without the key', { 'ForAnyValue:StringLike': { 'dynamodb:LeadingKeys': 'a*' } }, {}, 'silent'],
    [
      'a policy variable',
      { StringEquals: { 's3:prefix': '${aws:PrincipalAccount}/x' } },
      { 'aws:PrincipalAccount': '1', 's3:prefix': '1/x' },
      'Allow',
    ],
    [
      'a policy variable without value',
      { StringEquals: { 's3:prefix': '${aws:PrincipalAccount}' } },
      { 's3:prefix': '' },
      'silent',
    ],
    [
      "a policy variable's default",
      { StringEquals: { 's3:prefix': "${aws:PrincipalAccount, 'none'}" } },
      { 's3:prefix': 'none' },
      'Allow',
    ],
  ])('%s', (_name, condition, context, expected) => {
    expect(with_(condition, context)).toBe(expected);
  });
});

describe('resource policies', () => {
  const request = { action: 'sqs:sendmessage', resource: 'arn:aws:sqs:a:1:q', context: () => new Map() };
  const worker = { accountId: '1', arns: ['arn:aws:iam::1:role/worker', 'arn:aws:sts::1:assumed-role/worker/s'] };
  const events = { accountId: '1', arns: [], service: 'events.amazonaws.com' };
  const decided = (Principal: unknown, requester: typeof worker | typeof events, member = 'Principal') => {
    const policy = readPolicy(document({ ...allow('sqs:*'), [member]: Principal }), 'resource');
    const { effect, direct } = evaluateResource(policy, request, requester);
    return effect ? `${effect} ${direct ? 'directly' : 'through the account'}` : 'silent';
  };
  it.each<[string, unknown, typeof worker | typeof events, string]>([
    ['everyone', '*', events, 'Allow directly'],
    ['every AWS principal', { AWS: '*' }, worker, 'Allow directly'],
    ['the role', { AWS: 'arn:aws:iam::1:role/worker' }, worker, 'Allow directly'],
    ['the session', { AWS: ['x', 'arn:aws:sts::1:assumed-role/worker/s'] }, worker, 'Allow directly'],
    ['another role', { AWS: 'arn:aws:iam::1:role/other' }, worker, 'silent'],
    ['the account', { AWS: 'arn:aws:iam::1:root' }, worker, 'Allow through the account'],
    ['the account by its number', { AWS: '1' }, worker, 'Allow through the account'],
    ['the service', { Service: 'events.amazonaws.com' }, events, 'Allow directly'],
    ['another service', { Service: ['s3.amazonaws.com'] }, events, 'silent'],
    ['a service, asked by a role', { Service: 'events.amazonaws.com' }, worker, 'silent'],
  ])('name %s', (_name, principal, requester, expected) => {
    expect(decided(principal, requester)).toBe(expected);
  });

  it('name all but some', () => {
    expect(decided({ AWS: 'arn:aws:iam::1:role/other' }, worker, 'NotPrincipal')).toBe('Allow directly');
    expect(decided({ AWS: 'arn:aws:iam::1:role/worker' }, worker, 'NotPrincipal')).toBe('silent');
  });
});

describe('a document that could not be held to', () => {
  it.each<[string, string, RegExp]>([
    ['no JSON', '{', /not JSON/],
    ['no statement', document(), /no statement/],
    ['a strange member', document({ ...allow('a:b'), Conditon: {} }), /unknown member Conditon/],
    ['a strange effect', document({ ...allow('a:b'), Effect: 'allow' }), /Effect must be Allow or Deny/],
    ['no action', document({ Effect: 'Allow', Resource: '*' }), /names no Action/],
    ['no resource', document({ Effect: 'Allow', Action: 'a:b' }), /names no Resource/],
    ['a principal', document({ ...allow('a:b'), Principal: '*' }), /names a Principal/],
    [
      'a strange operator',
      document(allow('a:b', '*', { Condition: { StringEqual: { 's3:prefix': 'x' } } })),
      /operator StringEqual/,
    ],
    [
      'a strange key',
      document(allow('a:b', '*', { Condition: { StringEquals: { 's3:prefx': 'x' } } })),
      /condition key s3:prefx/,
    ],
    [
      'no block of addresses',
      document(allow('a:b', '*', { Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/33' } } })),
      /cannot compare with 10/,
    ],
    [
      'no date',
      document(allow('a:b', '*', { Condition: { DateLessThan: { 'aws:CurrentTime': 'soon' } } })),
      /cannot compare with soon/,
    ],
    [
      'no number',
      document(allow('a:b', '*', { Condition: { NumericLessThan: { 's3:max-keys': 'many' } } })),
      /cannot compare with many/,
    ],
    [
      'neither true nor false',
      document(allow('a:b', '*', { Condition: { Bool: { 'aws:SecureTransport': 'yes' } } })),
      /cannot compare with yes/,
    ],
    ['a strange variable', document(allow('a:b', 'arn:aws:s3:::b/${aws:usrname}/*')), /policy variable aws:usrname/],
  ])('%s', (_name, text, message) => {
    expect(() => readPolicy(text, 'identity')).toThrow(message);
  });
});
