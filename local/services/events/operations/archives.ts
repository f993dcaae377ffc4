import type { Clock } from '../../../../lib/core/clock.ts';
import { refuseUnknown } from '../../../requests/known-members.ts';
import { paginate } from '../../../requests/paginate.ts';
import type { Operation } from '../../../service.ts';
import type { Archive, Archives } from '../archives.ts';
import { validatePattern } from '../pattern.ts';
import { busName, type EventsState, invalid } from '../state.ts';

const members = ['ArchiveName', 'EventSourceArn', 'Description', 'EventPattern', 'RetentionDays'];

export function createArchive(state: EventsState, archives: Archives, clock: Clock): Operation {
  return async (input) => {
    refuseUnknown('events:CreateArchive', input, members);
    if (!/^[.\-_A-Za-z0-9]{1,48}$/.test(input.ArchiveName ?? '')) {
      throw invalid(
        `1 validation error detected: Value '${input.ArchiveName}' at 'archiveName' failed to satisfy constraint: ` +
          'Member must satisfy regular expression pattern: [\\.\\-_A-Za-z0-9]+',
      );
    }
    const bus = state.bus(busName(input.EventSourceArn)).name;
    if (input.EventPattern !== undefined) validatePattern(input.EventPattern);
    const archive: Archive = {
      name: input.ArchiveName,
      bus,
      description: input.Description,
      pattern: input.EventPattern,
      retentionDays: checkedDays(input.RetentionDays ?? 0),
      createdAt: clock.now(),
    };
    archives.create(archive);
    return answer(state, archive);
  };
}

export function updateArchive(state: EventsState, archives: Archives): Operation {
  return async (input) => {
    refuseUnknown('events:UpdateArchive', input, ['ArchiveName', 'Description', 'EventPattern', 'RetentionDays']);
    const before = archives.get(input.ArchiveName);
    if (input.EventPattern !== undefined) validatePattern(input.EventPattern);
    const archive = {
      ...before,
      description: input.Description ?? before.description,
      pattern: input.EventPattern ?? before.pattern,
      retentionDays: checkedDays(input.RetentionDays ?? before.retentionDays),
    };
    archives.update(archive);
    return answer(state, archive);
  };
}

export function describeArchive(state: EventsState, archives: Archives): Operation {
  return async (input) => {
    const archive = archives.get(input.ArchiveName);
    return {
      ArchiveArn: state.archiveArn(archive.name),
      Description: archive.description,
      EventPattern: archive.pattern,
      ...listed(state, archives, archive),
    };
  };
}

export function listArchives(state: EventsState, archives: Archives): Operation {
  return async (input) => {
    const found = archives
      .all()
      .filter(
        (archive) =>
          archive.name.startsWith(input.NamePrefix ?? '') &&
          (input.EventSourceArn === undefined || archive.bus === busName(input.EventSourceArn)) &&
          (input.State === undefined || input.State === 'ENABLED'),
      );
    const { page, next: NextToken } = paginate(found, {
      token: input.NextToken,
      size: input.Limit ?? 100,
      member: 'limit',
      most: 100,
    });
    return { Archives: page.map((archive) => listed(state, archives, archive)), NextToken };
  };
}

export function deleteArchive(archives: Archives): Operation {
  return async (input) => {
    archives.delete(input.ArchiveName);
    return {};
  };
}

function checkedDays(days: number): number {
  if (Number.isInteger(days) && days >= 0) return days;
  throw invalid(
    `1 validation error detected: Value '${days}' at 'retentionDays' failed to satisfy constraint: ` +
      'Member must have value greater than or equal to 0',
  );
}

function answer(state: EventsState, archive: Archive) {
  return { ArchiveArn: state.archiveArn(archive.name), State: 'ENABLED', CreationTime: new Date(archive.createdAt) };
}

function listed(state: EventsState, archives: Archives, archive: Archive) {
  const { events, bytes } = archives.size(archive.name);
  return {
    ArchiveName: archive.name,
    EventSourceArn: state.busArn(archive.bus),
    State: 'ENABLED',
    RetentionDays: archive.retentionDays,
    SizeBytes: bytes,
    EventCount: events,
    CreationTime: new Date(archive.createdAt),
  };
}
