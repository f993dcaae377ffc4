import type { Operation } from '../../../service.ts';
import type { ApiCore } from '../deploy.ts';
import { badRequest, refuseUnknown } from '../errors.ts';

type Tags = Readonly<Record<string, string>>;

/** `arn:aws:apigateway:us-east-1::/apis/<ApiId>` or with `/stages/<StageName>` behind it. */
const taggable = /^arn:aws:apigateway:[^:]*::\/apis\/([^/]+)(?:\/stages\/([^/]+))?$/;

export function tagOperations({ state }: ApiCore): Record<string, Operation> {
  const find = (arn: unknown) => {
    const [, apiId, stageName] = taggable.exec(String(arn)) ?? [];
    if (!apiId) throw badRequest(`Invalid resource ARN ${arn}`);
    const api = state.api(apiId);
    if (stageName === undefined)
      return { tags: api.Tags, set: (Tags: Tags) => state.apis.set(apiId, { ...api, Tags }) };
    const stage = state.stages.get(apiId, stageName);
    return { tags: stage.Tags, set: (Tags: Tags) => state.stages.set(apiId, stageName, { ...stage, Tags }) };
  };
  return {
    async TagResource(input) {
      refuseUnknown('TagResource', input, ['ResourceArn', 'Tags']);
      const { tags, set } = find(input.ResourceArn);
      set({ ...tags, ...input.Tags });
      return {};
    },
    async UntagResource(input) {
      refuseUnknown('UntagResource', input, ['ResourceArn', 'TagKeys']);
      const { tags, set } = find(input.ResourceArn);
      set(Object.fromEntries(Object.entries(tags).filter(([key]) => !input.TagKeys.includes(key))));
      return {};
    },
    async GetTags(input) {
      refuseUnknown('GetTags', input, ['ResourceArn']);
      return { Tags: find(input.ResourceArn).tags };
    },
  };
}
