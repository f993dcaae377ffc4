import { jsonHttp } from '../../protocols/json.ts';
import type { Cloud, Permission, Service } from '../../service.ts';
import { groupArn, groupName } from './find-group.ts';
import { LogStore } from './log-store.ts';
import { MetricFilters } from './metric-filters.ts';
import { filterLogEvents } from './operations/filter-log-events.ts';
import { getLogEvents } from './operations/get-log-events.ts';
import { groupOperations } from './operations/groups.ts';
import { metricFilterOperations } from './operations/metric-filters.ts';
import { putLogEvents } from './operations/put-log-events.ts';
import { resourcePolicyOperations } from './operations/resource-policies.ts';
import { streamOperations } from './operations/streams.ts';

export interface LogsOptions {
  /** What all events may take, in bytes; where more comes, the oldest go. Default: 64 MiB. */
  readonly maxBytes?: number;
}

/** CloudWatch Logs: groups, streams, events and searches over them. */
export function createLogs(cloud: Cloud, { maxBytes }: LogsOptions = {}): Service {
  const store = new LogStore(cloud, maxBytes);
  const filters = new MetricFilters(cloud);
  return {
    name: 'logs',
    operations: {
      ...groupOperations(cloud, store, filters),
      ...streamOperations(cloud, store),
      ...metricFilterOperations(cloud, store, filters),
      ...resourcePolicyOperations(cloud),
      PutLogEvents: putLogEvents(cloud, store, filters),
      GetLogEvents: getLogEvents(store),
      FilterLogEvents: filterLogEvents(store),
    },
    permissions: (operation, input) => [permission(cloud, operation, input)],
    http: jsonHttp(cloud, 'logs', { version: '1.1' }),
  };
}

const accountOperations = new Set(['DescribeMetricFilters', 'DescribeResourcePolicies', 'TestMetricFilter']);

/** AWS checks operations on groups and streams alike against `…:log-group:<group>:log-stream:<stream>`. */
function permission(cloud: Cloud, operation: string, input: any): Permission {
  const action = `logs:${operation}`;
  const ofAccount = operation.endsWith('ResourcePolicy') || accountOperations.has(operation);
  if (ofAccount && input.logGroupName === undefined) return { action, resource: '*' };
  if (input.resourceArn !== undefined) return { action, resource: input.resourceArn };
  if (operation === 'DescribeLogGroups') return { action, resource: `${groupArn(cloud, '')}:log-stream:` };
  const group = groupArn(cloud, groupName(input.logGroupName ?? input.logGroupIdentifier));
  return { action, resource: `${group}:log-stream:${input.logStreamName ?? ''}` };
}
