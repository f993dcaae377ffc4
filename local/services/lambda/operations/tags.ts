import type { Operation } from '../../../service.ts';
import type { LambdaCore } from '../core.ts';
import { findRecord } from '../find-function.ts';
import { knownMembers } from '../known-members.ts';

export const listTags =
  (core: LambdaCore): Operation =>
  async (input) => {
    knownMembers('ListTags', input, ['Resource']);
    return { Tags: findRecord(core, { FunctionName: input.Resource }).record.tags };
  };

export const tagResource =
  (core: LambdaCore): Operation =>
  async (input) => {
    knownMembers('TagResource', input, ['Resource', 'Tags']);
    const { name, record } = findRecord(core, { FunctionName: input.Resource });
    core.state.functions.set(name, { ...record, tags: { ...record.tags, ...input.Tags } });
    return {};
  };

export const untagResource =
  (core: LambdaCore): Operation =>
  async (input) => {
    knownMembers('UntagResource', input, ['Resource', 'TagKeys']);
    const { name, record } = findRecord(core, { FunctionName: input.Resource });
    const gone = [input.TagKeys].flat();
    const tags = Object.fromEntries(Object.entries(record.tags).filter(([key]) => !gone.includes(key)));
    core.state.functions.set(name, { ...record, tags });
    return {};
  };
