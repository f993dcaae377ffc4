import { AwsError, NotSupportedError } from '../../../aws-error.ts';
import type { Operation } from '../../../service.ts';
import type { LambdaCore } from '../core.ts';
import { findRecord, findVersion, functionArn } from '../find-function.ts';
import { conflict, invalid, knownMembers, notFound } from '../known-members.ts';
import type { PolicyStatement } from '../state.ts';

export const addPermission =
  (core: LambdaCore): Operation =>
  async (input) => {
    knownMembers('AddPermission', input, [
      'FunctionName',
      'StatementId',
      'Action',
      'Principal',
      'SourceArn',
      'SourceAccount',
      'PrincipalOrgID',
      'Qualifier',
    ]);
    if (input.PrincipalOrgID) throw new NotSupportedError('PrincipalOrgID of lambda:AddPermission');
    const { name, qualifier, record } = findRecord(core, input);
    findVersion(core, { name, qualifier });
    for (const member of ['StatementId', 'Action', 'Principal']) {
      if (!input[member]) throw invalid(`AddPermission needs ${member}`);
    }
    checkPattern('statementId', input.StatementId, /^[\w-]{1,100}$/);
    checkPattern('action', input.Action, /^(lambda:(\*|[a-zA-Z]+)|\*)$/);
    const statements = record.policies[qualifier ?? ''] ?? [];
    if (statements.some(({ Sid }) => Sid === input.StatementId)) {
      throw conflict(
        `The statement id (${input.StatementId}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
      );
    }
    const condition = {
      ...(input.SourceAccount && { StringEquals: { 'AWS:SourceAccount': input.SourceAccount } }),
      ...(input.SourceArn && { ArnLike: { 'AWS:SourceArn': input.SourceArn } }),
    };
    const statement: PolicyStatement = {
      Sid: input.StatementId,
      Effect: 'Allow',
      Principal: principal(input.Principal),
      Action: input.Action,
      Resource: functionArn(core.cloud, { name, qualifier }),
      ...(Object.keys(condition).length > 0 && { Condition: condition }),
    };
    core.state.functions.set(name, {
      ...record,
      policies: { ...record.policies, [qualifier ?? '']: [...statements, statement] },
    });
    return { Statement: JSON.stringify(statement) };
  };

function checkPattern(member: string, value: string, pattern: RegExp): void {
  if (pattern.test(value)) return;
  throw new AwsError(
    'ValidationException',
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must satisfy regular expression pattern: ${pattern.source}`,
  );
}

function principal(given: string): unknown {
  if (given === '*') return '*';
  if (given.endsWith('.amazonaws.com')) return { Service: given };
  return { AWS: /^\d{12}$/.test(given) ? `arn:aws:iam::${given}:root` : given };
}

export const removePermission =
  (core: LambdaCore): Operation =>
  async (input) => {
    knownMembers('RemovePermission', input, ['FunctionName', 'StatementId', 'Qualifier']);
    const { name, qualifier, record } = findRecord(core, input);
    const statements = record.policies[qualifier ?? ''] ?? [];
    const left = statements.filter(({ Sid }) => Sid !== input.StatementId);
    if (left.length === statements.length)
      throw notFound(`Statement ${input.StatementId} is not found in resource policy.`);
    core.state.functions.set(name, { ...record, policies: { ...record.policies, [qualifier ?? '']: left } });
    return {};
  };

export const getPolicy =
  (core: LambdaCore): Operation =>
  async (input) => {
    knownMembers('GetPolicy', input, ['FunctionName', 'Qualifier']);
    const { qualifier, record } = findRecord(core, input);
    const statements = record.policies[qualifier ?? ''] ?? [];
    if (statements.length === 0) throw notFound('The resource you requested does not exist.');
    return {
      Policy: JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement: statements }),
      RevisionId: record.latest.configuration.RevisionId,
    };
  };
