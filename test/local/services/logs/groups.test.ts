import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  DeleteLogStreamCommand,
  DeleteRetentionPolicyCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  ListTagsForResourceCommand,
  PutRetentionPolicyCommand,
  StartQueryCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LogsCloud, logsCloud } from './logs-cloud.ts';

describe('log groups and streams', () => {
  let logs: LogsCloud;
  beforeEach(async () => {
    logs = await logsCloud();
  });
  afterEach(() => logs.close());

  const create = (logGroupName: string, options = {}) =>
    logs.client.send(new CreateLogGroupCommand({ logGroupName, ...options }));
  const describeGroups = async (options = {}) =>
    (await logs.client.send(new DescribeLogGroupsCommand(options))).logGroups!;

  it('are created once, described and deleted', async () => {
    await create('/a/one');
    await create('/b/two');
    expect(await describeGroups({ logGroupNamePrefix: '/a' })).toEqual([
      {
        logGroupName: '/a/one',
        creationTime: logs.clock.now(),
        metricFilterCount: 0,
        arn: 'arn:aws:logs:us-east-1:000000000000:log-group:/a/one:*',
        logGroupArn: 'arn:aws:logs:us-east-1:000000000000:log-group:/a/one',
        storedBytes: 0,
        logGroupClass: 'STANDARD',
      },
    ]);
    await expect(create('/a/one')).rejects.toMatchObject({ name: 'ResourceAlreadyExistsException' });
    await logs.client.send(new DeleteLogGroupCommand({ logGroupName: '/a/one' }));
    expect((await describeGroups()).map(({ logGroupName }) => logGroupName)).toEqual(['/b/two']);
    await expect(logs.client.send(new DeleteLogGroupCommand({ logGroupName: '/a/one' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('take nothing of a deleted group over into a new one of the same name', async () => {
    await logs.stream('/again', 'stream');
    await logs.put('/again', 'stream', 'old');
    await logs.client.send(new DeleteLogGroupCommand({ logGroupName: '/again' }));
    await logs.stream('/again', 'stream');
    const { events } = await logs.client.send(new FilterLogEventsCommand({ logGroupName: '/again' }));
    expect(events).toEqual([]);
  });

  it('have a retention of the days that CloudWatch knows', async () => {
    await create('/kept');
    const put = (retentionInDays: number) =>
      logs.client.send(new PutRetentionPolicyCommand({ logGroupName: '/kept', retentionInDays }));
    await put(30);
    expect((await describeGroups())[0]!.retentionInDays).toBe(30);
    await expect(put(31)).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await logs.client.send(new DeleteRetentionPolicyCommand({ logGroupName: '/kept' }));
    expect((await describeGroups())[0]!.retentionInDays).toBeUndefined();
  });

  it('carry tags', async () => {
    await create('/tagged', { tags: { a: '1' } });
    const resourceArn = 'arn:aws:logs:us-east-1:000000000000:log-group:/tagged';
    await logs.client.send(new TagResourceCommand({ resourceArn, tags: { b: '2' } }));
    await logs.client.send(new UntagResourceCommand({ resourceArn, tagKeys: ['a'] }));
    expect((await logs.client.send(new ListTagsForResourceCommand({ resourceArn }))).tags).toEqual({ b: '2' });
  });

  it('order streams by name or by their last event', async () => {
    for (const name of ['b', 'a', 'c']) await logs.stream('/app', name);
    await logs.put('/app', 'a', 'first');
    await logs.clock.advance(10);
    await logs.put('/app', 'b', 'second');
    const order = async (options: object) =>
      (await logs.client.send(new DescribeLogStreamsCommand({ logGroupName: '/app', ...options }))).logStreams!.map(
        ({ logStreamName }) => logStreamName,
      );
    expect(await order({})).toEqual(['a', 'b', 'c']);
    expect(await order({ orderBy: 'LastEventTime', descending: true })).toEqual(['b', 'a', 'c']);
    expect(await order({ logStreamNamePrefix: 'c' })).toEqual(['c']);
    await logs.client.send(new DeleteLogStreamCommand({ logGroupName: '/app', logStreamName: 'b' }));
    expect(await order({})).toEqual(['a', 'c']);
    await expect(
      logs.client.send(new CreateLogStreamCommand({ logGroupName: '/app', logStreamName: 'a' })),
    ).rejects.toMatchObject({ name: 'ResourceAlreadyExistsException' });
  });

  it('refuse names that CloudWatch refuses, and operations that are not here', async () => {
    await expect(create('with space')).rejects.toMatchObject({ name: 'InvalidParameterException' });
    const query = { logGroupName: '/a', startTime: 0, endTime: 1, queryString: 'fields @message' };
    await expect(logs.client.send(new StartQueryCommand(query))).rejects.toMatchObject({
      message: 'local AWS does not support logs:StartQuery',
      $metadata: { httpStatusCode: 501 },
    });
  });
});
