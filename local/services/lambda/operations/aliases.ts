import { randomUUID } from 'node:crypto';
import { AwsError } from '../../../aws-error.ts';
import type { Operation } from '../../../service.ts';
import type { LambdaCore } from '../core.ts';
import { findRecord, findVersion, functionArn } from '../find-function.ts';
import { conflict, invalid, knownMembers, notFound } from '../known-members.ts';
import { paginate } from '../paginate.ts';

type Found = ReturnType<typeof findRecord>;

export const createAlias =
  (core: LambdaCore): Operation =>
  async (input) => {
    knownMembers('CreateAlias', input, ['FunctionName', 'Name', 'FunctionVersion', 'Description', 'RoutingConfig']);
    const found = findRecord(core, input);
    if (!/^(?!^[0-9]+$)[a-zA-Z0-9-_]{1,128}$/.test(input.Name ?? '')) {
      throw invalid(`an alias has letters, digits, "-" and "_", and is no number, got "${input.Name}"`);
    }
    const AliasArn = functionArn(core.cloud, { name: found.name, qualifier: input.Name });
    if (found.record.aliases[input.Name]) throw conflict(`Alias already exists: ${AliasArn}`);
    return save(core, found, { AliasArn, Description: '', ...input });
  };

export const updateAlias =
  (core: LambdaCore): Operation =>
  async (input) => {
    knownMembers('UpdateAlias', input, [
      'FunctionName',
      'Name',
      'FunctionVersion',
      'Description',
      'RoutingConfig',
      'RevisionId',
    ]);
    const found = findRecord(core, input);
    const before = findAlias(core, found, input.Name);
    if (input.RevisionId !== undefined && input.RevisionId !== before.RevisionId) {
      throw new AwsError(
        'PreconditionFailedException',
        'The Revision Id provided does not match the latest Revision Id.',
        412,
      );
    }
    const given = Object.fromEntries(
      Object.entries(input).filter(([, value]) => value !== undefined && value !== null),
    );
    return save(core, found, { ...before, ...given });
  };

function save(core: LambdaCore, { name, record }: Found, given: Record<string, any>) {
  const { AliasArn, Name, FunctionVersion, Description, RoutingConfig } = given;
  for (const qualifier of [FunctionVersion, ...Object.keys(RoutingConfig?.AdditionalVersionWeights ?? {})]) {
    findVersion(core, { name, qualifier });
  }
  const alias = { AliasArn, Name, FunctionVersion, Description, RoutingConfig, RevisionId: randomUUID() };
  core.state.functions.set(name, { ...record, aliases: { ...record.aliases, [Name]: alias } });
  return alias;
}

function findAlias(core: LambdaCore, { name, record }: Found, alias: string) {
  const found = record.aliases[alias];
  if (!found) throw notFound(`Cannot find alias arn: ${functionArn(core.cloud, { name, qualifier: alias })}`);
  return found;
}

export const getAlias =
  (core: LambdaCore): Operation =>
  async (input) => {
    knownMembers('GetAlias', input, ['FunctionName', 'Name']);
    return findAlias(core, findRecord(core, input), input.Name);
  };

export const listAliases =
  (core: LambdaCore): Operation =>
  async (input) => {
    knownMembers('ListAliases', input, ['FunctionName', 'FunctionVersion', 'Marker', 'MaxItems']);
    const aliases = Object.values(findRecord(core, input).record.aliases).filter(
      ({ FunctionVersion }) => !input.FunctionVersion || FunctionVersion === input.FunctionVersion,
    );
    const { page, NextMarker } = paginate(aliases, input);
    return { Aliases: page, NextMarker };
  };

export const deleteAlias =
  (core: LambdaCore): Operation =>
  async (input) => {
    knownMembers('DeleteAlias', input, ['FunctionName', 'Name']);
    const { name, record } = findRecord(core, input);
    const { [input.Name]: _, ...aliases } = record.aliases;
    core.state.functions.set(name, { ...record, aliases });
    return {};
  };
