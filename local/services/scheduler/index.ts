import { type RestRoute, restJsonHttp } from '../../protocols/rest-json.ts';
import type { Operation, Permission, ServiceFactory } from '../../service.ts';
import { Invocations } from './invocations.ts';
import {
  createScheduleGroup,
  deleteScheduleGroup,
  getScheduleGroup,
  listScheduleGroups,
  listTagsForResource,
  tagResource,
  untagResource,
} from './operations/groups.ts';
import { createSchedule, deleteSchedule, getSchedule, listSchedules, updateSchedule } from './operations/schedules.ts';
import { SchedulerState } from './state.ts';
import { ScheduleTimers } from './timers.ts';

const paging = { NextToken: 'NextToken', MaxResults: 'MaxResults' };

const routes: readonly RestRoute[] = [
  { operation: 'CreateSchedule', method: 'POST', path: '/schedules/{Name}' },
  { operation: 'UpdateSchedule', method: 'PUT', path: '/schedules/{Name}' },
  { operation: 'GetSchedule', method: 'GET', path: '/schedules/{Name}', query: { groupName: 'GroupName' } },
  { operation: 'DeleteSchedule', method: 'DELETE', path: '/schedules/{Name}', query: { groupName: 'GroupName' } },
  {
    operation: 'ListSchedules',
    method: 'GET',
    path: '/schedules',
    query: { ScheduleGroup: 'GroupName', NamePrefix: 'NamePrefix', State: 'State', ...paging },
  },
  { operation: 'CreateScheduleGroup', method: 'POST', path: '/schedule-groups/{Name}' },
  { operation: 'GetScheduleGroup', method: 'GET', path: '/schedule-groups/{Name}' },
  { operation: 'DeleteScheduleGroup', method: 'DELETE', path: '/schedule-groups/{Name}' },
  {
    operation: 'ListScheduleGroups',
    method: 'GET',
    path: '/schedule-groups',
    query: { NamePrefix: 'NamePrefix', ...paging },
  },
  { operation: 'TagResource', method: 'POST', path: '/tags/{ResourceArn}' },
  { operation: 'UntagResource', method: 'DELETE', path: '/tags/{ResourceArn}', query: { TagKeys: 'TagKeys[]' } },
  { operation: 'ListTagsForResource', method: 'GET', path: '/tags/{ResourceArn}' },
];

/** Amazon EventBridge Scheduler. */
export const createScheduler: ServiceFactory = (cloud) => {
  const state = new SchedulerState(cloud);
  const invocations = new Invocations(cloud);
  const timers = new ScheduleTimers(cloud, state, invocations);
  const operations: Record<string, Operation> = {
    CreateSchedule: createSchedule(cloud, state, timers),
    UpdateSchedule: updateSchedule(cloud, state, timers),
    GetSchedule: getSchedule(state),
    DeleteSchedule: deleteSchedule(state, timers),
    ListSchedules: listSchedules(state),
    CreateScheduleGroup: createScheduleGroup(state, cloud.clock),
    GetScheduleGroup: getScheduleGroup(state),
    DeleteScheduleGroup: deleteScheduleGroup(state, timers),
    ListScheduleGroups: listScheduleGroups(state),
    TagResource: tagResource(state),
    UntagResource: untagResource(state),
    ListTagsForResource: listTagsForResource(state),
  };
  const permissions = (operation: string, input: any): readonly Permission[] => {
    const action = `scheduler:${operation}`;
    if (input.ResourceArn !== undefined) return [{ action, resource: String(input.ResourceArn) }];
    if (operation.startsWith('List')) return [{ action, resource: '*' }];
    if (operation.endsWith('Group')) return [{ action, resource: state.groupArn(input.Name) }];
    return [{ action, resource: state.arn({ group: input.GroupName ?? 'default', name: input.Name }) }];
  };
  return {
    name: 'scheduler',
    operations,
    permissions,
    http: restJsonHttp(cloud, 'scheduler', routes),
    async start() {
      invocations.start();
      timers.start();
    },
    async close() {
      timers.close();
      await invocations.close();
    },
  };
};
