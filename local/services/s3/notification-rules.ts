import { s3Error } from './errors.ts';

/** A queue, topic or function that a bucket notifies. */
interface NotificationTarget {
  readonly arn: string;
  readonly Id: string;
  readonly Events: readonly string[];
  readonly Filter?: any;
}

/** All that AWS can tell of; some of it never happens on this machine. */
const groups: Readonly<Record<string, readonly string[]>> = {
  ObjectCreated: ['Put', 'Post', 'Copy', 'CompleteMultipartUpload'],
  ObjectRemoved: ['Delete', 'DeleteMarkerCreated'],
  ObjectRestore: ['Post', 'Completed', 'Delete'],
  ObjectTagging: ['Put', 'Delete'],
  LifecycleExpiration: ['Delete', 'DeleteMarkerCreated'],
  Replication: [
    ...['OperationFailedReplication', 'OperationMissedThreshold', 'OperationReplicatedAfterThreshold'],
    'OperationNotTracked',
  ],
};
const single = ['ReducedRedundancyLostObject', 'LifecycleTransition', 'IntelligentTiering', 'ObjectAcl:Put'];
const known = new Set([
  ...Object.entries(groups).flatMap(([group, kinds]) => ['*', ...kinds].map((kind) => `s3:${group}:${kind}`)),
  ...single.map((name) => `s3:${name}`),
]);

/** Throws InvalidArgument for targets that AWS would not notify: of unknown events, by wrong filters, or two of one event. */
export function checkNotificationTargets(targets: readonly NotificationTarget[]): void {
  for (const { Events, Filter } of targets) {
    const unknown = Events.find((name) => !known.has(name));
    if (unknown !== undefined) throw invalid(unknown, `The event '${unknown}' is not supported for notifications`);
    checkFilter(Filter?.Key?.FilterRules ?? []);
  }
  if (new Set(targets.map(({ Id }) => Id)).size < targets.length)
    throw invalid('Id', 'Same ID used for multiple configurations. IDs must be unique');
  targets.forEach((target, index) => {
    const other = targets.slice(index + 1).find((each) => overlap(target, each));
    if (!other) return;
    const problem =
      'Configuration is ambiguously defined. Cannot have overlapping suffixes in two rules if the prefixes are overlapping for the same event type.';
    throw invalid(other.Id, problem);
  });
}

function checkFilter(rules: readonly { Name: string; Value: string }[]): void {
  const names = rules.map(({ Name }) => String(Name).toLowerCase());
  if (names.some((name) => name !== 'prefix' && name !== 'suffix'))
    throw invalid('FilterRule.Name', 'filter rule name must be either prefix or suffix');
  for (const name of ['prefix', 'suffix'])
    if (names.filter((each) => each === name).length > 1)
      throw invalid('FilterRule.Name', `Cannot specify more than one ${name} rule in a filter.`);
}

/** Whether one event of one key could be for both. */
function overlap(a: NotificationTarget, b: NotificationTarget): boolean {
  if (!a.Events.some((name) => b.Events.some((other) => covers(name, other) || covers(other, name)))) return false;
  const [prefix, otherPrefix] = [filterValue(a, 'prefix'), filterValue(b, 'prefix')];
  const [suffix, otherSuffix] = [filterValue(a, 'suffix'), filterValue(b, 'suffix')];
  return (
    (prefix.startsWith(otherPrefix) || otherPrefix.startsWith(prefix)) &&
    (suffix.endsWith(otherSuffix) || otherSuffix.endsWith(suffix))
  );
}

const covers = (name: string, other: string) =>
  name === other || (name.endsWith('*') && other.startsWith(name.slice(0, -1)));

function filterValue({ Filter }: NotificationTarget, wanted: string): string {
  const rules: readonly { Name: string; Value: string }[] = Filter?.Key?.FilterRules ?? [];
  return rules.find(({ Name }) => Name.toLowerCase() === wanted)?.Value ?? '';
}

const invalid = (argument: string, message: string) =>
  s3Error('InvalidArgument', { ArgumentName: 'NotificationConfiguration', ArgumentValue: argument }, message);
