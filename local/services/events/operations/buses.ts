import type { Clock } from '../../../../lib/core/clock.ts';
import { refuseUnknown } from '../../../requests/known-members.ts';
import { paginate } from '../../../requests/paginate.ts';
import { readTags } from '../../../requests/tags.ts';
import type { Operation } from '../../../service.ts';
import { alreadyExists, type Bus, busName, type EventsState, invalid } from '../state.ts';

const namePattern = /^[/.\-_A-Za-z0-9]{1,256}$/;

export function createEventBus(state: EventsState, clock: Clock): Operation {
  return async (input) => {
    refuseUnknown('events:CreateEventBus', input, ['Name', 'Description', 'DeadLetterConfig', 'Tags']);
    const name: string = input.Name ?? '';
    if (!namePattern.test(name) || name.includes('/')) {
      throw invalid(
        `1 validation error detected: Value '${name}' at 'name' failed to satisfy constraint: ` +
          'Member must satisfy regular expression pattern: [/\\.\\-_A-Za-z0-9]+',
      );
    }
    if (state.buses.has(name)) throw alreadyExists(`Event bus ${name} already exists.`);
    const now = clock.now();
    const bus: Bus = {
      name,
      description: input.Description,
      deadLetterArn: input.DeadLetterConfig?.Arn,
      tags: readTags(input.Tags),
      createdAt: now,
      modifiedAt: now,
    };
    state.buses.set(name, bus);
    return { EventBusArn: state.busArn(name), Description: bus.description, DeadLetterConfig: input.DeadLetterConfig };
  };
}

export function updateEventBus(state: EventsState, clock: Clock): Operation {
  return async (input) => {
    refuseUnknown('events:UpdateEventBus', input, ['Name', 'Description', 'DeadLetterConfig']);
    const bus = state.bus(input.Name);
    const description = input.Description ?? bus.description;
    const deadLetterArn = input.DeadLetterConfig ? input.DeadLetterConfig.Arn : bus.deadLetterArn;
    state.buses.set(bus.name, { ...bus, description, deadLetterArn, modifiedAt: clock.now() });
    return { Arn: state.busArn(bus.name), Name: bus.name, Description: description };
  };
}

export function describeEventBus(state: EventsState): Operation {
  return async (input) => shown(state, state.bus(input.Name));
}

/** Deleting a bus that is not there is no error. */
export function deleteEventBus(state: EventsState): Operation {
  return async (input) => {
    const name = busName(input.Name);
    if (name === 'default') throw invalid('Cannot delete event bus default.');
    if (state.rulesOf(name).length > 0) throw invalid(`Event bus ${name} can't be deleted as it has rules.`);
    state.buses.delete(name);
    return {};
  };
}

export function listEventBuses(state: EventsState): Operation {
  return async (input) => {
    const names = [...state.buses.keys()].filter((name) => name.startsWith(input.NamePrefix ?? '')).sort();
    const { page, next: NextToken } = paginate(names, {
      token: input.NextToken,
      size: input.Limit ?? 100,
      member: 'limit',
      most: 100,
    });
    return { EventBuses: page.map((name) => shown(state, state.bus(name))), NextToken };
  };
}

function shown(state: EventsState, bus: Bus) {
  return {
    Name: bus.name,
    Arn: state.busArn(bus.name),
    Description: bus.description,
    Policy: bus.policy,
    DeadLetterConfig: bus.deadLetterArn === undefined ? undefined : { Arn: bus.deadLetterArn },
    CreationTime: new Date(bus.createdAt),
    LastModifiedTime: new Date(bus.modifiedAt),
  };
}
