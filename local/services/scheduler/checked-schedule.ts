import { checkEnum, checkPattern, checkWhole, violation } from '../../requests/constraint.ts';
import { refuseUnknown } from '../../requests/known-members.ts';
import type { Cloud } from '../../service.ts';
import { isOnce, timesOf } from './due-times.ts';
import { requestDigest } from './request-digest.ts';
import { invalid, namePattern, type Schedule, type SchedulerState, type Target } from './state.ts';
import { checkTarget, targetSender } from './targets.ts';

const members = [
  ...['Name', 'GroupName', 'Description', 'ScheduleExpression', 'ScheduleExpressionTimezone', 'StartDate', 'EndDate'],
  ...['State', 'FlexibleTimeWindow', 'Target', 'ActionAfterCompletion', 'ClientToken'],
];
const targetMembers = [
  ...['Arn', 'RoleArn', 'Input', 'DeadLetterConfig', 'RetryPolicy'],
  ...['SqsParameters', 'EventBridgeParameters'],
];
/** As old as a start may be. */
const startSlackMilliseconds = 5 * 60_000;
const rolePattern = /^arn:aws(-[a-z]+)?:iam::\d{12}:role\/[\w+=,.@/-]+$/;
/** A FIFO queue is none. */
const deadLetterPattern = /^arn:aws(-[a-z]+)?:sqs:[a-z0-9-]+:\d{12}:[a-zA-Z0-9\-_]+$/;

/** The schedule that a request describes. Throws ValidationException, and ResourceNotFoundException where its group is none. */
export function checkedSchedule(cloud: Cloud, state: SchedulerState, input: any): Schedule {
  refuseUnknown('schedules', input, members);
  checkPattern('name', input.Name ?? '', [1, 64], namePattern);
  if (input.Description?.length > 512)
    throw violation('description', input.Description, 'Member must have length less than or equal to 512');
  const timezone = input.ScheduleExpressionTimezone ?? 'UTC';
  if (!timesOf(input.ScheduleExpression ?? '', timezone))
    throw invalid(`Invalid Schedule Expression ${input.ScheduleExpression}.`);
  const afterCompletion = input.ActionAfterCompletion ?? 'NONE';
  checkEnum('actionAfterCompletion', afterCompletion, ['NONE', 'DELETE']);
  checkEnum('state', input.State ?? 'ENABLED', ['ENABLED', 'DISABLED']);
  const now = cloud.clock.now();
  return {
    group: state.group(input.GroupName ?? 'default').name,
    name: input.Name,
    description: input.Description,
    expression: input.ScheduleExpression,
    timezone,
    ...checkedBounds(input, now),
    enabled: input.State !== 'DISABLED',
    windowMinutes: windowOf(input.FlexibleTimeWindow),
    target: checkedTarget(input.Target),
    afterCompletion,
    createdAt: now,
    modifiedAt: now,
    createdBy: requestDigest(input),
  };
}

function checkedBounds(input: any, now: number): Pick<Schedule, 'start' | 'end'> {
  const start = milliseconds(input.StartDate);
  const end = milliseconds(input.EndDate);
  // What is to happen once is not bound by them.
  if (isOnce(input.ScheduleExpression)) return { start, end };
  if (start !== undefined && start < now - startSlackMilliseconds)
    throw invalid('The StartDate you specify cannot be earlier than 5 minutes ago.');
  if (start !== undefined && end !== undefined && end <= start) throw invalid('EndDate must be after StartDate.');
  if (end !== undefined && end <= now) throw invalid('EndDate must be in the future.');
  return { start, end };
}

function windowOf(given: any): number {
  checkEnum('flexibleTimeWindow.mode', given?.Mode, ['OFF', 'FLEXIBLE']);
  if (given.Mode === 'OFF') {
    if (given.MaximumWindowInMinutes != null)
      throw invalid('MaximumWindowInMinutes must not be given when Mode is OFF.');
    return 0;
  }
  if (given.MaximumWindowInMinutes == null)
    throw invalid('MaximumWindowInMinutes must be provided when Mode is FLEXIBLE.');
  checkWhole('flexibleTimeWindow.maximumWindowInMinutes', given.MaximumWindowInMinutes, [1, 1440]);
  return given.MaximumWindowInMinutes;
}

function checkedTarget(given: any): Target {
  refuseUnknown('targets of schedules', given, targetMembers);
  if (!given?.Arn || !given.RoleArn) throw invalid('Target.Arn and Target.RoleArn are required.');
  checkPattern('target.roleArn', given.RoleArn, [1, 1600], rolePattern);
  const deadLetters = given.DeadLetterConfig?.Arn;
  if (deadLetters != null) checkPattern('target.deadLetterConfig.arn', deadLetters, [1, 1600], deadLetterPattern);
  const RetryPolicy = { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185, ...given.RetryPolicy };
  checkWhole('target.retryPolicy.maximumRetryAttempts', RetryPolicy.MaximumRetryAttempts, [0, 185]);
  checkWhole('target.retryPolicy.maximumEventAgeInSeconds', RetryPolicy.MaximumEventAgeInSeconds, [60, 86_400]);
  targetSender(given.Arn);
  checkTarget(given);
  return { ...given, RetryPolicy };
}

/** Over HTTP a time is seconds since the epoch, from other services it is a Date. */
function milliseconds(time: unknown): number | undefined {
  if (time == null) return undefined;
  const found = typeof time === 'number' ? time * 1000 : new Date(time as Date | string).getTime();
  if (Number.isNaN(found)) throw invalid(`${time} is not a time.`);
  return found;
}
