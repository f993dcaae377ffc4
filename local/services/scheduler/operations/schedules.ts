import { refuseUnknown } from '../../../requests/known-members.ts';
import { paginate } from '../../../requests/paginate.ts';
import type { Cloud, Operation } from '../../../service.ts';
import { timesOf } from '../due-times.ts';
import { conflict, invalid, type Schedule, type SchedulerState, type Target } from '../state.ts';
import { checkTarget, targetSender } from '../targets.ts';
import type { ScheduleTimers } from '../timers.ts';

const members = [
  ...['Name', 'GroupName', 'Description', 'ScheduleExpression', 'ScheduleExpressionTimezone', 'StartDate', 'EndDate'],
  ...['State', 'FlexibleTimeWindow', 'Target', 'ActionAfterCompletion', 'ClientToken'],
];
const targetMembers = [
  ...['Arn', 'RoleArn', 'Input', 'DeadLetterConfig', 'RetryPolicy'],
  ...['SqsParameters', 'EventBridgeParameters'],
];
const longestWindowMinutes = 1440;

export function createSchedule(cloud: Cloud, state: SchedulerState, timers: ScheduleTimers): Operation {
  return async (input) => {
    const schedule = checkedSchedule(cloud, state, input);
    if (state.find(schedule.group, schedule.name)) throw conflict(`Schedule ${schedule.name} already exists.`);
    state.set(schedule);
    timers.changed(schedule);
    return { ScheduleArn: state.arn(schedule) };
  };
}

/** UpdateSchedule replaces every setting: what is left out goes back to its default. */
export function updateSchedule(cloud: Cloud, state: SchedulerState, timers: ScheduleTimers): Operation {
  return async (input) => {
    const before = state.get(input.GroupName, input.Name);
    const schedule = { ...checkedSchedule(cloud, state, input), createdAt: before.createdAt };
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
    const found = state
      .all()
      .filter(
        (schedule) =>
          (input.GroupName === undefined || schedule.group === input.GroupName) &&
          schedule.name.startsWith(input.NamePrefix ?? '') &&
          (input.State === undefined || (schedule.enabled ? 'ENABLED' : 'DISABLED') === input.State),
      );
    const { page, next: NextToken } = paginate(found, { token: input.NextToken, size: input.MaxResults ?? 100 });
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

function checkedSchedule(cloud: Cloud, state: SchedulerState, input: any): Schedule {
  refuseUnknown('schedules', input, members);
  if (!/^[0-9a-zA-Z-_.]{1,64}$/.test(input.Name ?? '')) throw invalid(`Invalid Name: ${input.Name}`);
  const group = state.group(input.GroupName ?? 'default').name;
  const timezone = input.ScheduleExpressionTimezone ?? 'UTC';
  if (!timesOf(input.ScheduleExpression ?? '', timezone))
    throw invalid(`Invalid Schedule Expression ${input.ScheduleExpression}.`);
  const start = milliseconds(input.StartDate);
  const end = milliseconds(input.EndDate);
  if (start !== undefined && end !== undefined && end <= start) throw invalid('EndDate must be after StartDate.');
  const now = cloud.clock.now();
  if (end !== undefined && end <= now) throw invalid('EndDate must be in the future.');
  const afterCompletion = input.ActionAfterCompletion ?? 'NONE';
  if (afterCompletion !== 'NONE' && afterCompletion !== 'DELETE')
    throw invalid(`Invalid ActionAfterCompletion: ${afterCompletion}`);
  const settings = input.State ?? 'ENABLED';
  if (settings !== 'ENABLED' && settings !== 'DISABLED') throw invalid(`Invalid State: ${settings}`);
  return {
    group,
    name: input.Name,
    description: input.Description,
    expression: input.ScheduleExpression,
    timezone,
    start,
    end,
    enabled: settings === 'ENABLED',
    windowMinutes: windowOf(input.FlexibleTimeWindow),
    target: checkedTarget(input.Target),
    afterCompletion,
    createdAt: now,
    modifiedAt: now,
  };
}

function windowOf(given: any): number {
  if (given?.Mode === 'OFF') {
    if (given.MaximumWindowInMinutes != null)
      throw invalid('MaximumWindowInMinutes must not be given when Mode is OFF.');
    return 0;
  }
  const minutes = Number(given?.MaximumWindowInMinutes);
  if (given?.Mode !== 'FLEXIBLE') throw invalid('FlexibleTimeWindow.Mode must be OFF or FLEXIBLE.');
  if (!(Number.isInteger(minutes) && minutes >= 1 && minutes <= longestWindowMinutes)) {
    throw invalid(`MaximumWindowInMinutes must be between 1 and ${longestWindowMinutes}.`);
  }
  return minutes;
}

function checkedTarget(given: any): Target {
  refuseUnknown('targets of schedules', given, targetMembers);
  if (!given?.Arn || !given.RoleArn) throw invalid('Target.Arn and Target.RoleArn are required.');
  const { MaximumRetryAttempts: attempts = 0, MaximumEventAgeInSeconds: age = 60 } = given.RetryPolicy ?? {};
  if (attempts < 0 || attempts > 185) throw invalid('MaximumRetryAttempts must be between 0 and 185.');
  if (age < 60 || age > 86_400) throw invalid('MaximumEventAgeInSeconds must be between 60 and 86400.');
  targetSender(given.Arn);
  checkTarget(given);
  return given;
}

/** Over HTTP a time is seconds since the epoch, from other services it is a Date. */
function milliseconds(time: unknown): number | undefined {
  if (time == null) return undefined;
  if (time instanceof Date) return time.getTime();
  if (typeof time === 'number') return time * 1000;
  throw invalid(`${time} is not a time.`);
}
