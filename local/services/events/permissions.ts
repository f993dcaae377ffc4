import type { Permission } from '../../service.ts';
import { busName, type EventsState } from './state.ts';

const onBus = new Set([
  'CreateEventBus',
  'UpdateEventBus',
  'DescribeEventBus',
  'DeleteEventBus',
  'PutPermission',
  'RemovePermission',
]);
const onRule = new Set([
  'PutRule',
  'DescribeRule',
  'DeleteRule',
  'EnableRule',
  'DisableRule',
  'PutTargets',
  'RemoveTargets',
  'ListTargetsByRule',
]);
const onArchive = new Set(['CreateArchive', 'DescribeArchive', 'UpdateArchive', 'DeleteArchive']);
const onReplay = new Set(['StartReplay', 'DescribeReplay', 'CancelReplay']);
const onArn = new Set(['TagResource', 'UntagResource', 'ListTagsForResource']);

/** IAM actions and resources as AWS documents them for each operation. */
export function eventsPermissions(state: EventsState, operation: string, input: any): readonly Permission[] {
  const on = (resource: string): Permission => ({ action: `events:${operation}`, resource });
  if (operation === 'PutEvents') {
    const entries: any[] = input.Entries ?? [];
    return entries.map((entry) => ({
      ...on(state.busArn(busName(entry.EventBusName))),
      conditions: { 'events:source': String(entry.Source), 'events:detail-type': String(entry.DetailType) },
    }));
  }
  if (onRule.has(operation)) {
    return [on(state.ruleArn({ bus: busName(input.EventBusName), name: input.Name ?? input.Rule }))];
  }
  if (onBus.has(operation)) return [on(state.busArn(busName(input.Name ?? input.EventBusName)))];
  if (onArchive.has(operation)) return [on(state.archiveArn(input.ArchiveName))];
  if (onReplay.has(operation)) return [on(state.replayArn(input.ReplayName))];
  return [on(onArn.has(operation) ? String(input.ResourceARN) : '*')];
}
