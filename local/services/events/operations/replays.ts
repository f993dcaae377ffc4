import { AwsError } from '../../../aws-error.ts';
import { refuseUnknown } from '../../../requests/known-members.ts';
import { paginate } from '../../../requests/paginate.ts';
import type { Cloud, Operation } from '../../../service.ts';
import type { Archives } from '../archives.ts';
import { isActive, type Replay, type Replays } from '../replays.ts';
import { alreadyExists, busName, type EventsState, invalid } from '../state.ts';

const members = ['ReplayName', 'Description', 'EventSourceArn', 'EventStartTime', 'EventEndTime', 'Destination'];

export function startReplay(cloud: Cloud, state: EventsState, archives: Archives, replays: Replays): Operation {
  return async (input) => {
    refuseUnknown('events:StartReplay', input, members);
    if (replays.has(input.ReplayName)) throw alreadyExists(`Replay ${input.ReplayName} already exists.`);
    const archive = archives.get(String(input.EventSourceArn).split('archive/')[1] ?? String(input.EventSourceArn));
    const bus = state.bus(busName(input.Destination?.Arn)).name;
    if (bus !== archive.bus) {
      throw invalid('Parameter Destination.Arn is not valid. Reason: Cross event bus replay is not permitted.');
    }
    const start = milliseconds(input.EventStartTime);
    const end = milliseconds(input.EventEndTime);
    if (end <= start) {
      throw invalid('Parameter EventEndTime is not valid. Reason: EventStartTime must be before EventEndTime.');
    }
    const rules: string[] | undefined = input.Destination.FilterArns?.length ? input.Destination.FilterArns : undefined;
    for (const arn of rules ?? []) {
      if (!state.rulesOf(bus).some((rule) => state.ruleArn(rule) === arn))
        throw invalid(`Parameter Destination.FilterArns contains an invalid rule: ${arn}`);
    }
    const replay: Replay = {
      name: input.ReplayName,
      description: input.Description,
      archive: archive.name,
      bus,
      rules,
      state: 'STARTING',
      start,
      end,
      replayStart: cloud.clock.now(),
      replayed: 0,
    };
    replays.begin(replay);
    return {
      ReplayArn: state.replayArn(replay.name),
      State: 'STARTING',
      ReplayStartTime: new Date(replay.replayStart),
    };
  };
}

export function describeReplay(state: EventsState, replays: Replays): Operation {
  return async (input) => {
    const replay = replays.get(input.ReplayName);
    return {
      ReplayArn: state.replayArn(replay.name),
      Description: replay.description,
      Destination: { Arn: state.busArn(replay.bus), FilterArns: replay.rules },
      ...listed(state, replay),
    };
  };
}

export function listReplays(state: EventsState, replays: Replays): Operation {
  return async (input) => {
    const found = replays
      .all()
      .filter(
        (replay) =>
          replay.name.startsWith(input.NamePrefix ?? '') &&
          (input.State === undefined || replay.state === input.State) &&
          (input.EventSourceArn === undefined || state.archiveArn(replay.archive) === input.EventSourceArn),
      );
    const { page, next: NextToken } = paginate(found, {
      token: input.NextToken,
      size: input.Limit ?? 100,
      member: 'limit',
      most: 100,
    });
    return { Replays: page.map((replay) => listed(state, replay)), NextToken };
  };
}

export function cancelReplay(state: EventsState, replays: Replays): Operation {
  return async (input) => {
    const replay = replays.get(input.ReplayName);
    if (!isActive(replay))
      throw new AwsError('IllegalStatusException', `Replay ${replay.name} is not in a valid state for this operation.`);
    replays.cancel(replay.name);
    return { ReplayArn: state.replayArn(replay.name), State: 'CANCELLED' };
  };
}

/** Over HTTP a time is seconds since the epoch, from other services it is a Date. */
function milliseconds(time: unknown): number {
  if (time instanceof Date) return time.getTime();
  if (typeof time === 'number') return time * 1000;
  throw invalid('EventStartTime and EventEndTime are required.');
}

function listed(state: EventsState, replay: Replay) {
  const date = (value: number | undefined) => (value === undefined ? undefined : new Date(value));
  return {
    ReplayName: replay.name,
    EventSourceArn: state.archiveArn(replay.archive),
    State: replay.state,
    StateReason: replay.reason,
    EventStartTime: date(replay.start),
    EventEndTime: date(replay.end),
    EventLastReplayedTime: date(replay.lastReplayed),
    ReplayStartTime: date(replay.replayStart),
    ReplayEndTime: date(replay.replayEnd),
  };
}
