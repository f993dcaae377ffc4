import { readTags, shownTags, withoutTags } from '../../../requests/tags.ts';
import type { Operation } from '../../../service.ts';
import { type EventsState, notFound } from '../state.ts';

/** Something with tags: what they are, and how to set them. */
interface Tagged {
  readonly tags: Record<string, string>;
  set(tags: Record<string, string>): void;
}

export function tagResource(state: EventsState): Operation {
  return async (input) => {
    const resource = tagged(state, input.ResourceARN);
    resource.set({ ...resource.tags, ...readTags(input.Tags) });
    return {};
  };
}

export function untagResource(state: EventsState): Operation {
  return async (input) => {
    const resource = tagged(state, input.ResourceARN);
    resource.set(withoutTags(resource.tags, input.TagKeys));
    return {};
  };
}

export function listTagsForResource(state: EventsState): Operation {
  return async (input) => {
    const { tags } = tagged(state, input.ResourceARN);
    return { Tags: shownTags(tags) };
  };
}

function tagged(state: EventsState, arn: string): Tagged {
  const bus = [...state.buses.values()].find(({ name }) => state.busArn(name) === arn);
  if (bus) return { tags: bus.tags, set: (tags) => state.buses.set(bus.name, { ...bus, tags }) };
  const rule = state.allRules().find((candidate) => state.ruleArn(candidate) === arn);
  if (rule) return { tags: rule.tags, set: (tags) => state.setRule({ ...rule, tags }) };
  throw notFound(`${arn} does not exist.`);
}
