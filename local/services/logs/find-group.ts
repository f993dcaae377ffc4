import type { Cloud } from '../../service.ts';
import { invalid, notFound } from './known-input.ts';
import type { LogGroup, LogStore } from './log-store.ts';

/** A group by its name or ARN, in whichever member an input has it. Throws `ResourceNotFoundException`. */
export function findGroup(store: LogStore, input: { logGroupName?: string; logGroupIdentifier?: string }): LogGroup {
  const found = store.groups.get(groupName(input.logGroupName ?? input.logGroupIdentifier));
  if (!found) throw notFound('log group');
  return found;
}

/** The name in an ARN such as `arn:aws:logs:us-east-1:000000000000:log-group:/a:*`, or the name itself. */
export function groupName(given: string | undefined): string {
  const name = /:log-group:([^:]+)(:.*)?$/.exec(given ?? '')?.[1] ?? given ?? '';
  if (!/^[.\-_/#A-Za-z0-9]{1,512}$/.test(name)) {
    throw invalid(`a log group's name has 1 to 512 of a-z, A-Z, 0-9 and "_-/.#", got "${name}"`);
  }
  return name;
}

export function groupArn({ region, accountId }: Cloud, name: string): string {
  return `arn:aws:logs:${region}:${accountId}:log-group:${name}`;
}
