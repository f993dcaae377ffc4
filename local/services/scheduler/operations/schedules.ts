import { checkEnum } from '../../../requests/constraint.ts';
import { paginate } from '../../../requests/paginate.ts';
import type { Cloud, Operation } from '../../../service.ts';
import { checkedSchedule } from '../checked-schedule.ts';
import { conflict, type Schedule, type SchedulerState } from '../state.ts';
import type { ScheduleTimers } from '../timers.ts';

export function createSchedule(cloud: Cloud, state: SchedulerState, timers: ScheduleTimers): Operation {
  return async (input) => {
    const schedule = checkedSchedule(cloud, state, input);
    const existing = state.find(schedule.group, schedule.name);
    if (existing) {
      const again = schedule.createdBy !== undefined && schedule.createdBy === existing.createdBy;
      if (!again) throw conflict(`Schedule ${schedule.name} already exists.`);
      return { ScheduleArn: state.arn(existing) };
    }
    state.set(schedule);
    timers.changed(schedule);
    return { ScheduleArn: state.arn(schedule) };
  };
}

/** UpdateSchedule replaces every setting: what is left out goes back to its default. */
export function updateSchedule(cloud: Cloud, state: SchedulerState, timers: ScheduleTimers): Operation {
  return async (input) => {
    const before = state.get(input.GroupName, input.Name);
    const schedule = { ...checkedSchedule(cloud, state, input), createdAt: before.createdAt, createdBy: undefined };
    state.set(schedule);
    timers.changed(schedule);
    return { ScheduleArn: state.arn(schedule) };
  };
}

export function getSchedule(state: SchedulerState): Operation {
  return async (input) => {
    const schedule = state.get(input.GroupName, input.Name);
    const date = (time: number | undefined) => (time === undefined ? undefined : new Date(time));
    return {
      ...listed(state, schedule),
      Description: schedule.description,
      ScheduleExpression: schedule.expression,
      ScheduleExpressionTimezone: schedule.timezone,
      StartDate: date(schedule.start),
      EndDate: date(schedule.end),
      FlexibleTimeWindow:
        schedule.windowMinutes === 0
          ? { Mode: 'OFF' }
          : { Mode: 'FLEXIBLE', MaximumWindowInMinutes: schedule.windowMinutes },
      Target: schedule.target,
      ActionAfterCompletion: schedule.afterCompletion,
    };
  };
}

export function deleteSchedule(state: SchedulerState, timers: ScheduleTimers): Operation {
  return async (input) => {
    const schedule = state.get(input.GroupName, input.Name);
    timers.stop(schedule);
    state.delete(schedule);
    return {};
  };
}

export function listSchedules(state: SchedulerState): Operation {
  return async (input) => {
    if (input.GroupName !== undefined) state.group(input.GroupName);
    if (input.State !== undefined) checkEnum('state', input.State, ['ENABLED', 'DISABLED']);
    const found = state
      .all()
      .filter(
        (schedule) =>
          (input.GroupName === undefined || schedule.group === input.GroupName) &&
          schedule.name.startsWith(input.NamePrefix ?? '') &&
          (input.State === undefined || (schedule.enabled ? 'ENABLED' : 'DISABLED') === input.State),
      );
    const { page, next: NextToken } = paginate(found, {
      token: input.NextToken,
      size: input.MaxResults ?? 100,
      most: 100,
    });
    const Schedules = page.map((schedule) => ({ ...listed(state, schedule), Target: { Arn: schedule.target.Arn } }));
    return { Schedules, NextToken };
  };
}

function listed(state: SchedulerState, schedule: Schedule) {
  return {
    Arn: state.arn(schedule),
    Name: schedule.name,
    GroupName: schedule.group,
    State: schedule.enabled ? 'ENABLED' : 'DISABLED',
    CreationDate: new Date(schedule.createdAt),
    LastModificationDate: new Date(schedule.modifiedAt),
  };
}
