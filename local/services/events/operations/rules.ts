import type { Clock } from '../../../../lib/core/clock.ts';
import { refuseUnknown } from '../../../requests/known-members.ts';
import { paginate } from '../../../requests/paginate.ts';
import { readTags } from '../../../requests/tags.ts';
import type { Operation } from '../../../service.ts';
import { validatePattern } from '../pattern.ts';
import { parseSchedule } from '../schedule/expression.ts';
import { busName, type EventsState, invalid, type Rule } from '../state.ts';

/** Called with bus and name of a rule that was made, changed or deleted. */
type Changed = (bus: string, name: string) => void;

const members = [
  'Name',
  'ScheduleExpression',
  'EventPattern',
  'State',
  'Description',
  'RoleArn',
  'Tags',
  'EventBusName',
];
const states = ['ENABLED', 'DISABLED', 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS'];
const maxPatternLength = 4096;

/** PutRule makes a rule or replaces its settings; its targets stay. */
export function putRule(state: EventsState, clock: Clock, changed: Changed): Operation {
  return async (input) => {
    refuseUnknown('events:PutRule', input, members);
    checkRule(input);
    const bus = state.bus(input.EventBusName).name;
    if (input.ScheduleExpression !== undefined && bus !== 'default') {
      throw invalid('ScheduleExpression is supported only on the default event bus.');
    }
    const before = state.findRule(bus, input.Name);
    const settings = input.State ?? 'ENABLED';
    const sameSchedule = before?.schedule === input.ScheduleExpression && before?.state === settings;
    const rule: Rule = {
      bus,
      name: input.Name,
      pattern: input.EventPattern,
      schedule: input.ScheduleExpression,
      scheduledFrom: before && sameSchedule ? before.scheduledFrom : clock.now(),
      state: settings,
      enabled: settings !== 'DISABLED',
      description: input.Description,
      roleArn: input.RoleArn,
      tags: before?.tags ?? readTags(input.Tags),
      targets: before?.targets ?? [],
    };
    state.setRule(rule);
    changed(bus, rule.name);
    return { RuleArn: state.ruleArn(rule) };
  };
}

function checkRule(input: any): void {
  if (!/^[.\-_A-Za-z0-9]{1,64}$/.test(input.Name ?? '')) {
    throw invalid(
      `1 validation error detected: Value '${input.Name}' at 'name' failed to satisfy constraint: ` +
        'Member must satisfy regular expression pattern: [\\.\\-_A-Za-z0-9]+',
    );
  }
  if (input.EventPattern === undefined && input.ScheduleExpression === undefined) {
    throw invalid('Parameter(s) EventPattern or ScheduleExpression must be specified.');
  }
  if (input.State !== undefined && !states.includes(input.State)) {
    throw invalid(
      `1 validation error detected: Value '${input.State}' at 'state' failed to satisfy constraint: ` +
        `Member must satisfy enum value set: [${states.join(', ')}]`,
    );
  }
  if (input.EventPattern !== undefined) {
    if (input.EventPattern.length > maxPatternLength) {
      throw invalid(
        "1 validation error detected: Value at 'eventPattern' failed to satisfy constraint: " +
          `Member must have length less than or equal to ${maxPatternLength}`,
      );
    }
    validatePattern(input.EventPattern);
  }
  if (input.ScheduleExpression !== undefined && !parseSchedule(input.ScheduleExpression)) {
    throw invalid('Parameter ScheduleExpression is not valid.');
  }
}

export function describeRule(state: EventsState): Operation {
  return async (input) => shown(state, state.rule(input.Name, input.EventBusName));
}

export function listRules(state: EventsState): Operation {
  return async (input) => {
    const bus = state.bus(input.EventBusName).name;
    const rules = state.rulesOf(bus).filter((rule) => rule.name.startsWith(input.NamePrefix ?? ''));
    const { page, next: NextToken } = paginate(rules, {
      token: input.NextToken,
      size: input.Limit ?? 100,
      member: 'limit',
      most: 100,
    });
    return { Rules: page.map((rule) => shown(state, rule)), NextToken };
  };
}

/** Deleting a rule that is not there is no error; one that has targets is not deleted. */
export function deleteRule(state: EventsState, changed: Changed): Operation {
  return async (input) => {
    const rule = state.findRule(busName(input.EventBusName), input.Name);
    if (!rule) return {};
    if (rule.targets.length > 0) throw invalid("Rule can't be deleted since it has targets.");
    state.deleteRule(rule);
    changed(rule.bus, rule.name);
    return {};
  };
}

/** EnableRule and DisableRule. */
export function switchRule(
  state: EventsState,
  clock: Clock,
  settings: 'ENABLED' | 'DISABLED',
  changed: Changed,
): Operation {
  return async (input) => {
    const rule = state.rule(input.Name, input.EventBusName);
    if (rule.state === settings) return {};
    state.setRule({ ...rule, state: settings, enabled: settings === 'ENABLED', scheduledFrom: clock.now() });
    changed(rule.bus, rule.name);
    return {};
  };
}

export function listRuleNamesByTarget(state: EventsState): Operation {
  return async (input) => {
    const rules = state.rulesOf(state.bus(input.EventBusName).name);
    const names = rules
      .filter((rule) => rule.targets.some((target) => target.Arn === input.TargetArn))
      .map((rule) => rule.name);
    const { page, next: NextToken } = paginate(names, {
      token: input.NextToken,
      size: input.Limit ?? 100,
      member: 'limit',
      most: 100,
    });
    return { RuleNames: page, NextToken };
  };
}

function shown(state: EventsState, rule: Rule) {
  return {
    Name: rule.name,
    Arn: state.ruleArn(rule),
    EventPattern: rule.pattern,
    ScheduleExpression: rule.schedule,
    State: rule.state,
    Description: rule.description,
    RoleArn: rule.roleArn,
    EventBusName: rule.bus,
  };
}
