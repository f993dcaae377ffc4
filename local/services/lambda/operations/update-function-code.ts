import { randomUUID } from 'node:crypto';
import type { Operation } from '../../../service.ts';
import { type InstalledCode, installCode } from '../code/install-code.ts';
import type { LambdaCore } from '../core.ts';
import { findRecord } from '../find-function.ts';
import { knownMembers } from '../known-members.ts';
import { printed, printedTime } from '../print-configuration.ts';
import { publish } from '../publish.ts';
import { checkRevision, retireOutdated } from '../revision.ts';
import type { FunctionVersion } from '../state.ts';

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
    const latest = withCode(record.latest, code, input.Architectures, core.cloud.clock.now());
    if (input.DryRun) return printed(latest);
    core.state.functions.set(name, { ...record, latest });
    retireOutdated(core);
    return input.Publish ? printed(publish(core, name), { qualified: true }) : printed(latest);
  };

/** The same code again changes nothing, so that deploying it again leaves environments warm. */
function withCode(before: FunctionVersion, code: InstalledCode, architectures: any, now: number): FunctionVersion {
  const Architectures = architectures ?? before.configuration.Architectures;
  const { configuration, codeFolder } = before;
  const same = codeFolder === code.folder && configuration.CodeSha256 === code.sha256;
  if (same && String(Architectures) === String(configuration.Architectures)) return before;
  return {
    ...before,
    codeFolder: code.folder,
    configuration: {
      ...configuration,
      CodeSha256: code.sha256,
      CodeSize: code.size,
      Architectures,
      LastModified: printedTime(now),
      RevisionId: randomUUID(),
    },
  };
}
