import { shownTags, withoutTags } from '../../../requests/tags.ts';
import type { Operation } from '../../../service.ts';
import { validation } from '../failure.ts';
import type { Tables } from '../tables.ts';
import { tagsOf } from '../tags.ts';

export function tagResource(tables: Tables): Operation {
  return async (input) => {
    const table = tables.byArn(input.ResourceArn);
    const tags = { ...table.tags, ...tagsOf(input.Tags) };
    if (Object.keys(tags).length > 50)
      throw validation('One or more parameter values were invalid: a table has at most 50 tags');
    tables.set({ ...table, tags });
    return {};
  };
}

export function untagResource(tables: Tables): Operation {
  return async (input) => {
    const table = tables.byArn(input.ResourceArn);
    tables.set({ ...table, tags: withoutTags(table.tags, input.TagKeys) });
    return {};
  };
}

export function listTagsOfResource(tables: Tables): Operation {
  return async (input) => {
    const { tags } = tables.byArn(input.ResourceArn);
    return { Tags: shownTags(tags) };
  };
}
