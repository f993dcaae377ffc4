import type { Cloud, Operation } from '../../../service.ts';
import { findGroup, groupArn, groupName } from '../find-group.ts';
import { alreadyExists, invalid, knownInput } from '../known-input.ts';
import type { LogStore } from '../log-store.ts';
import type { MetricFilters } from '../metric-filters.ts';
import { paginate } from '../paginate.ts';

const retentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

export function groupOperations(cloud: Cloud, store: LogStore, filters: MetricFilters): Record<string, Operation> {
  return {
    async CreateLogGroup(input) {
      // A key encrypts what is stored at AWS; here is nothing to encrypt, and reading needs no key either.
      knownInput('CreateLogGroup', input, [
        'logGroupName',
        'tags',
        'kmsKeyId',
        'logGroupClass',
        'deletionProtectionEnabled',
      ]);
      if (input.logGroupClass && input.logGroupClass !== 'STANDARD') {
        throw invalid(`local log groups are of class STANDARD, got "${input.logGroupClass}"`);
      }
      const name = groupName(input.logGroupName);
      if (store.groups.has(name)) throw alreadyExists('log group');
      store.groups.set(name, { name, creationTime: cloud.clock.now(), tags: input.tags ?? {} });
    },

    async DeleteLogGroup(input) {
      knownInput('DeleteLogGroup', input, ['logGroupName']);
      const { name } = findGroup(store, input);
      for (const { filterName } of filters.of(name)) filters.delete(name, filterName);
      store.deleteGroup(name);
    },

    async PutRetentionPolicy(input) {
      knownInput('PutRetentionPolicy', input, ['logGroupName', 'retentionInDays']);
      const group = findGroup(store, input);
      if (!retentionDays.includes(input.retentionInDays)) {
        throw invalid(`retentionInDays must be one of ${retentionDays.join(', ')}, got ${input.retentionInDays}`);
      }
      store.groups.set(group.name, { ...group, retentionInDays: input.retentionInDays });
    },

    async DeleteRetentionPolicy(input) {
      knownInput('DeleteRetentionPolicy', input, ['logGroupName']);
      const { retentionInDays, ...group } = findGroup(store, input);
      store.groups.set(group.name, group);
    },

    async DescribeLogGroups(input) {
      knownInput('DescribeLogGroups', input, ['logGroupNamePrefix', 'logGroupNamePattern', 'limit', 'nextToken']);
      const { logGroupNamePrefix: prefix = '', logGroupNamePattern: part = '' } = input;
      const names = [...store.groups.keys()].filter((name) => name.startsWith(prefix) && contains(name, part)).sort();
      const { page, nextToken } = paginate(names, input);
      return { logGroups: page.map((name) => printedGroup(name)), nextToken };
    },

    async TagResource(input) {
      knownInput('TagResource', input, ['resourceArn', 'tags']);
      const group = findGroup(store, { logGroupIdentifier: input.resourceArn });
      store.groups.set(group.name, { ...group, tags: { ...group.tags, ...input.tags } });
    },

    async UntagResource(input) {
      knownInput('UntagResource', input, ['resourceArn', 'tagKeys']);
      const group = findGroup(store, { logGroupIdentifier: input.resourceArn });
      const tags = Object.fromEntries(Object.entries(group.tags).filter(([key]) => !input.tagKeys.includes(key)));
      store.groups.set(group.name, { ...group, tags });
    },

    async ListTagsForResource(input) {
      knownInput('ListTagsForResource', input, ['resourceArn']);
      return { tags: findGroup(store, { logGroupIdentifier: input.resourceArn }).tags };
    },
  };

  function printedGroup(name: string) {
    const { creationTime, retentionInDays } = store.groups.get(name)!;
    const arn = groupArn(cloud, name);
    return {
      logGroupName: name,
      creationTime,
      retentionInDays,
      metricFilterCount: filters.of(name).length,
      arn: `${arn}:*`,
      logGroupArn: arn,
      storedBytes: store.storedBytes(name),
      logGroupClass: 'STANDARD',
    };
  }
}

function contains(name: string, part: string): boolean {
  return name.toLowerCase().includes(part.toLowerCase());
}
