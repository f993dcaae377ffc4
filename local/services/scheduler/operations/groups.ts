import type { Clock } from '../../../../lib/core/clock.ts';
import { checkPattern } from '../../../requests/constraint.ts';
import { paginate } from '../../../requests/paginate.ts';
import { readTags, shownTags, withoutTags } from '../../../requests/tags.ts';
import type { Operation } from '../../../service.ts';
import { requestDigest } from '../request-digest.ts';
import { conflict, type Group, invalid, namePattern, type SchedulerState } from '../state.ts';
import type { ScheduleTimers } from '../timers.ts';

export function createScheduleGroup(state: SchedulerState, clock: Clock): Operation {
  return async (input) => {
    checkPattern('name', input.Name ?? '', [1, 64], namePattern);
    const createdBy = requestDigest(input);
    const again = createdBy !== undefined && state.findGroup(input.Name)?.createdBy === createdBy;
    if (again) return { ScheduleGroupArn: state.groupArn(input.Name) };
    if (state.findGroup(input.Name)) throw conflict(`Schedule group ${input.Name} already exists.`);
    state.setGroup({ name: input.Name, tags: readTags(input.Tags), createdAt: clock.now(), createdBy });
    return { ScheduleGroupArn: state.groupArn(input.Name) };
  };
}

export function getScheduleGroup(state: SchedulerState): Operation {
  return async (input) => shown(state, state.group(input.Name));
}

/** DeleteScheduleGroup takes the group's schedules with it. */
export function deleteScheduleGroup(state: SchedulerState, timers: ScheduleTimers): Operation {
  return async (input) => {
    const group = state.group(input.Name);
    if (group.name === 'default') throw invalid('The default schedule group cannot be deleted.');
    for (const schedule of state.all().filter((one) => one.group === group.name)) {
      timers.stop(schedule);
      state.delete(schedule);
    }
    state.deleteGroup(group.name);
    return {};
  };
}

export function listScheduleGroups(state: SchedulerState): Operation {
  return async (input) => {
    const found = state.groups().filter((group) => group.name.startsWith(input.NamePrefix ?? ''));
    const { page, next: NextToken } = paginate(found, {
      token: input.NextToken,
      size: input.MaxResults ?? 100,
      most: 100,
    });
    return { ScheduleGroups: page.map((group) => shown(state, group)), NextToken };
  };
}

export function tagResource(state: SchedulerState): Operation {
  return async (input) => {
    const group = tagged(state, input.ResourceArn);
    state.setGroup({ ...group, tags: { ...group.tags, ...readTags(input.Tags) } });
    return {};
  };
}

export function untagResource(state: SchedulerState): Operation {
  return async (input) => {
    const group = tagged(state, input.ResourceArn);
    state.setGroup({ ...group, tags: withoutTags(group.tags, input.TagKeys) });
    return {};
  };
}

export function listTagsForResource(state: SchedulerState): Operation {
  return async (input) => ({
    Tags: shownTags(tagged(state, input.ResourceArn).tags),
  });
}

function shown(state: SchedulerState, { name, createdAt }: Group) {
  const date = new Date(createdAt);
  return { Arn: state.groupArn(name), Name: name, State: 'ACTIVE', CreationDate: date, LastModificationDate: date };
}

/** Only groups have tags. */
function tagged(state: SchedulerState, arn: string): Group {
  return state.group(String(arn).split('schedule-group/')[1] ?? String(arn));
}
