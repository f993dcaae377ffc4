import { afterAll, expect, it } from 'vitest';
import { TemplateApps } from '../provisioning/template-app.ts';

const apps = new TemplateApps();
afterAll(() => apps.close());

const trust = (more: object = {}) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' }, ...more }],
});
const policy = (more: object = {}, Version = '2012-10-17') => ({
  Version,
  Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::lake/*', ...more }],
});
const role = (properties: object) => ({
  Type: 'AWS::IAM::Role',
  Properties: { RoleName: 'worker', AssumeRolePolicyDocument: trust(), ...properties },
});
const withPolicy = (PolicyDocument: object) => role({ Policies: [{ PolicyName: 'p', PolicyDocument }] });
const condition = (Condition: object) => withPolicy(policy({ Condition }));
const long = Array.from(
  { length: 120 },
  (_, index) => `arn:aws:s3:::a-bucket-with-a-long-name-${index}/${'x'.repeat(60)}`,
);
const managed = Array.from({ length: 11 }, (_, index) => ({ Ref: `Managed${index}` }));

it.each<[string, object, string]>([
  ['a boundary', role({ PermissionsBoundary: 'arn:aws:iam::aws:policy/x' }), 'PermissionsBoundary'],
  [
    'a managed policy of AWS that is not known here',
    role({ ManagedPolicyArns: ['arn:aws:iam::aws:policy/Odd'] }),
    'Odd',
  ],
  ['conditions on tags', condition({ StringEquals: { 'aws:PrincipalTag/team': 'data' } }), 'aws:PrincipalTag/team'],
  ['conditions on organizations', condition({ StringEquals: { 'aws:PrincipalOrgID': 'o-1' } }), 'aws:PrincipalOrgID'],
  ['operators that nobody knows', condition({ BinaryEquals: { 'aws:userid': 'QQ==' } }), 'operator BinaryEquals'],
  ['variables that nobody knows', withPolicy(policy({ Resource: '${aws:username}' })), 'variable aws:username'],
  [
    'variables in the old language, where they are none',
    withPolicy(policy({ Resource: 'arn:aws:s3:::${aws:userid}/*' }, '2008-10-17')),
    'need Version 2012-10-17',
  ],
  ['a version that there is not', withPolicy(policy({}, '2026-01-01')), 'Version must be 2012-10-17'],
  [
    'principals of a kind that there is not',
    role({ AssumeRolePolicyDocument: trust({ Principal: { Svc: 'x' } }) }),
    'Svc',
  ],
  [
    'inline policies that AWS finds too long',
    withPolicy(policy({ Resource: long })),
    'Maximum policy size of 10240 bytes',
  ],
  [
    'a trust that AWS finds too long',
    role({ AssumeRolePolicyDocument: trust({ Sid: 'x'.repeat(2048) }) }),
    'ACLSizePerRole',
  ],
  ['more managed policies than AWS attaches', role({ ManagedPolicyArns: managed }), 'PoliciesPerRole: 10'],
  ['sessions longer than AWS gives', role({ MaxSessionDuration: 50_000 }), '3600 to 43200'],
])('a role with %s is refused, rather than held to less', async (_what, Role, message) => {
  const own = Object.fromEntries(
    managed.map(({ Ref }) => [Ref, { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: policy() } }]),
  );
  await expect(apps.start({ S: { Resources: { ...own, Role } } })).rejects.toThrow(message);
});

it('a managed policy that AWS finds too long is refused', async () => {
  const Managed = { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: policy({ Resource: long }) } };
  await expect(apps.start({ S: { Resources: { Managed } } })).rejects.toThrow('PolicySize: 6144');
});
