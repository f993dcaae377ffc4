import { randomUUID } from 'node:crypto';
import type { Operation } from '../../../service.ts';
import { installCode } from '../code/install-code.ts';
import type { LambdaCore } from '../core.ts';
import { findRecord } from '../find-function.ts';
import { knownMembers } from '../known-members.ts';
import { printed } from '../print-configuration.ts';
import { publish } from '../publish.ts';
import { checkRevision, retireOutdated } from '../revision.ts';

export const updateFunctionCode =
  (core: LambdaCore): Operation =>
  async (input) => {
    knownMembers('UpdateFunctionCode', input, [
      'FunctionName',
      'ZipFile',
      'LocalPath',
      'Architectures',
      'Publish',
      'DryRun',
      'RevisionId',
    ]);
    const { name, record } = findRecord(core, input);
    checkRevision(record.latest, input.RevisionId);
    const code = installCode(core.cloud, 'UpdateFunctionCode', { ZipFile: input.ZipFile, LocalPath: input.LocalPath });
    const latest = {
      ...record.latest,
      codeFolder: code.folder,
      configuration: {
        ...record.latest.configuration,
        CodeSha256: code.sha256,
        CodeSize: code.size,
        Architectures: input.Architectures ?? record.latest.configuration.Architectures,
        LastModified: new Date(core.cloud.clock.now()).toISOString().replace('Z', '+0000'),
        RevisionId: randomUUID(),
      },
    };
    if (input.DryRun) return printed(latest);
    core.state.functions.set(name, { ...record, latest });
    retireOutdated(core);
    return input.Publish ? printed(publish(core, name), { qualified: true }) : printed(latest);
  };
