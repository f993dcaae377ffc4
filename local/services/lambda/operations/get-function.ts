import { pathToFileURL } from 'node:url';
import type { Operation } from '../../../service.ts';
import type { LambdaCore } from '../core.ts';
import { findRecord, findVersion } from '../find-function.ts';
import { knownMembers } from '../known-members.ts';
import { printed } from '../print-configuration.ts';

export const getFunction =
  (core: LambdaCore): Operation =>
  async (input) => {
    knownMembers('GetFunction', input, ['FunctionName', 'Qualifier']);
    const { name, qualifier, record } = findRecord(core, input);
    const version = findVersion(core, { name, qualifier });
    return {
      Configuration: printed(version, { qualified: qualifier !== undefined }),
      Code: { RepositoryType: 'LocalPath', Location: pathToFileURL(version.codeFolder).href },
      ...(Object.keys(record.tags).length > 0 && { Tags: record.tags }),
      ...(record.reservedConcurrency !== undefined && {
        Concurrency: { ReservedConcurrentExecutions: record.reservedConcurrency },
      }),
    };
  };

export const getFunctionConfiguration =
  (core: LambdaCore): Operation =>
  async (input) => {
    knownMembers('GetFunctionConfiguration', input, ['FunctionName', 'Qualifier']);
    const { name, qualifier } = findRecord(core, input);
    return printed(findVersion(core, { name, qualifier }), { qualified: qualifier !== undefined });
  };
