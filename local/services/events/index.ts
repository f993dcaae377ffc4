import { jsonHttp } from '../../protocols/json.ts';
import type { Operation, Service, ServiceEvent, ServiceFactory } from '../../service.ts';
import { Archives } from './archives.ts';
import { Deliveries } from './delivery/deliveries.ts';
import { createArchive, deleteArchive, describeArchive, listArchives, updateArchive } from './operations/archives.ts';
import { putPermission, removePermission } from './operations/bus-policy.ts';
import {
  createEventBus,
  deleteEventBus,
  describeEventBus,
  listEventBuses,
  updateEventBus,
} from './operations/buses.ts';
import { deliverServiceEvent, putEvents } from './operations/put-events.ts';
import { cancelReplay, describeReplay, listReplays, startReplay } from './operations/replays.ts';
import { listTagsForResource, tagResource, untagResource } from './operations/resource-tags.ts';
import { listTargetsByRule, putTargets, removeTargets } from './operations/rule-targets.ts';
import { deleteRule, describeRule, listRuleNamesByTarget, listRules, putRule, switchRule } from './operations/rules.ts';
import { testEventPattern } from './operations/test-event-pattern.ts';
import { eventsPermissions } from './permissions.ts';
import { Replays } from './replays.ts';
import { Router } from './router.ts';
import { RuleTimers } from './schedule/rule-timers.ts';
import { EventsState } from './state.ts';

/** EventBridge, with a door for the events of other services. */
export interface EventsService extends Service {
  /** Puts an AWS service's event on the default bus. */
  deliver(event: ServiceEvent): void;
}

/** Amazon EventBridge: buses, rules, targets, schedules, archives and replays. */
export const createEvents: ServiceFactory = (cloud): EventsService => {
  const state = new EventsState(cloud);
  const deliveries = new Deliveries(cloud, (outcome, RuleName) => {
    const name = outcome === 'delivered' ? 'Invocations' : 'FailedInvocations';
    cloud.measure({ namespace: 'AWS/Events', name, dimensions: { RuleName }, value: 1, unit: 'Count' });
  });
  const router = new Router(state, deliveries);
  const archives = new Archives(cloud);
  const replays = new Replays(cloud, archives, router);
  router.listen((bus, event) => archives.keep(bus, event));
  const timers = new RuleTimers(cloud, state, router);
  const changed = (bus: string, name: string) => timers.changed(bus, name);
  const operations: Record<string, Operation> = {
    CreateEventBus: createEventBus(state, cloud.clock),
    UpdateEventBus: updateEventBus(state, cloud.clock),
    DescribeEventBus: describeEventBus(state),
    DeleteEventBus: deleteEventBus(state),
    ListEventBuses: listEventBuses(state),
    PutPermission: putPermission(state),
    RemovePermission: removePermission(state),
    PutRule: putRule(state, cloud.clock, changed),
    DescribeRule: describeRule(state),
    ListRules: listRules(state),
    DeleteRule: deleteRule(state, changed),
    EnableRule: switchRule(state, cloud.clock, 'ENABLED', changed),
    DisableRule: switchRule(state, cloud.clock, 'DISABLED', changed),
    ListRuleNamesByTarget: listRuleNamesByTarget(state),
    PutTargets: putTargets(state),
    RemoveTargets: removeTargets(state),
    ListTargetsByRule: listTargetsByRule(state),
    PutEvents: putEvents(cloud, state, router),
    TestEventPattern: testEventPattern,
    CreateArchive: createArchive(state, archives, cloud.clock),
    UpdateArchive: updateArchive(state, archives),
    DescribeArchive: describeArchive(state, archives),
    ListArchives: listArchives(state, archives),
    DeleteArchive: deleteArchive(archives),
    StartReplay: startReplay(cloud, state, archives, replays),
    DescribeReplay: describeReplay(state, replays),
    ListReplays: listReplays(state, replays),
    CancelReplay: cancelReplay(state, replays),
    TagResource: tagResource(state),
    UntagResource: untagResource(state),
    ListTagsForResource: listTagsForResource(state),
  };
  return {
    name: 'events',
    operations,
    permissions: (operation, input) => eventsPermissions(state, operation, input),
    http: jsonHttp(cloud, 'events', { version: '1.1' }),
    deliver: (event) => deliverServiceEvent(cloud, router, event),
    async start() {
      deliveries.start();
      replays.start();
      timers.start();
    },
    async close() {
      timers.close();
      replays.close();
      await deliveries.close();
    },
  };
};
