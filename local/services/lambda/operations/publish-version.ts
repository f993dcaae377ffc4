import type { Operation } from '../../../service.ts';
import type { LambdaCore } from '../core.ts';
import { findRecord } from '../find-function.ts';
import { invalid, knownMembers } from '../known-members.ts';
import { printed } from '../print-configuration.ts';
import { publish } from '../publish.ts';
import { checkRevision } from '../revision.ts';

export const publishVersion =
  (core: LambdaCore): Operation =>
  async (input) => {
    knownMembers('PublishVersion', input, ['FunctionName', 'CodeSha256', 'Description', 'RevisionId']);
    const { name, record } = findRecord(core, input);
    checkRevision(record.latest, input.RevisionId);
    if (input.CodeSha256 && input.CodeSha256 !== record.latest.configuration.CodeSha256) {
      throw invalid(
        `CodeSHA256 (${input.CodeSha256}) is different from current CodeSHA256 in $LATEST (${record.latest.configuration.CodeSha256}). Please try again with the CodeSHA256 in $LATEST.`,
      );
    }
    return printed(publish(core, name, input.Description), { qualified: true });
  };
