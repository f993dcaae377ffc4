import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { s3Cloud } from './s3-cloud.ts';

describe('versions', () => {
  let s3: Awaited<ReturnType<typeof s3Cloud>>;
  const Bucket = 'lake';
  const Key = 'k';
  const put = (Body: string, key = Key) => s3.client.send(new PutObjectCommand({ Bucket, Key: key, Body }));
  const read = async (VersionId?: string) =>
    (await s3.client.send(new GetObjectCommand({ Bucket, Key, VersionId }))).Body!.transformToString();
  const remove = (VersionId?: string) => s3.client.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
  const list = (options = {}) => s3.client.send(new ListObjectVersionsCommand({ Bucket, ...options }));
  const versioning = (Status: 'Enabled' | 'Suspended') =>
    s3.client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));

  beforeEach(async () => {
    s3 = await s3Cloud();
    await s3.client.send(new CreateBucketCommand({ Bucket }));
    await versioning('Enabled');
  });
  afterEach(() => s3.close());

  it('keeps every version readable by its id', async () => {
    const first = await put('one');
    const second = await put('two');
    expect(first.VersionId).not.toBe(second.VersionId);
    expect(await read()).toBe('two');
    expect(await read(first.VersionId)).toBe('one');
    await expect(read('x'.repeat(32))).rejects.toMatchObject({ name: 'NoSuchVersion' });
    await expect(read('nope')).rejects.toMatchObject({ name: 'InvalidArgument' });
  });

  it('hides an object behind a delete marker and brings it back when the marker goes', async () => {
    const { VersionId } = await put('kept');
    const marker = await remove();
    expect(marker.DeleteMarker).toBe(true);
    await expect(read()).rejects.toMatchObject({ name: 'NoSuchKey' });
    await expect(read(marker.VersionId)).rejects.toMatchObject({ name: 'MethodNotAllowed' });
    const head = s3.client.send(new HeadObjectCommand({ Bucket, Key }));
    await expect(head).rejects.toMatchObject({ $metadata: { httpStatusCode: 404 } });
    expect((await s3.client.send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(0);
    expect(await read(VersionId)).toBe('kept');
    await remove(marker.VersionId);
    expect(await read()).toBe('kept');
  });

  it('removes a version for good when it is named', async () => {
    const first = await put('one');
    const second = await put('two');
    await remove(second.VersionId);
    expect(await read()).toBe('one');
    await remove(first.VersionId);
    expect((await list()).Versions).toBe(undefined);
  });

  it('lists versions and markers, newest first, page by page', async () => {
    const ids = [(await put('1')).VersionId, (await put('2')).VersionId, (await remove()).VersionId];
    await put('other', 'z');
    const all = await list();
    expect(all.Versions!.map(({ VersionId, IsLatest }) => [VersionId, IsLatest]).slice(0, 2)).toEqual([
      [ids[1], false],
      [ids[0], false],
    ]);
    expect(all.DeleteMarkers).toMatchObject([{ VersionId: ids[2], IsLatest: true }]);
    const page = await list({ MaxKeys: 2 });
    expect(page).toMatchObject({ IsTruncated: true, NextKeyMarker: 'k', NextVersionIdMarker: ids[1] });
    const rest = await list({ KeyMarker: 'k', VersionIdMarker: ids[1] });
    expect(rest.Versions!.map((version) => version.Key)).toEqual(['k', 'z']);
    expect(rest.IsTruncated).toBe(false);
  });

  it('writes over the null version while versioning is suspended', async () => {
    const { VersionId } = await put('versioned');
    await versioning('Suspended');
    expect((await put('a')).VersionId).toBe('null');
    await put('b');
    expect(await read()).toBe('b');
    expect((await list()).Versions).toHaveLength(2);
    expect((await remove()).VersionId).toBe('null');
    expect(await read(VersionId)).toBe('versioned');
  });

  it('names version and kind of deletion in events', async () => {
    const NotificationConfiguration = { EventBridgeConfiguration: {} };
    await s3.client.send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }));
    const { VersionId } = await put('x');
    const marker = await remove();
    await remove(VersionId);
    expect(s3.events.map(({ detail }: any) => [detail.object['version-id'], detail['deletion-type']])).toEqual([
      [VersionId, undefined],
      [marker.VersionId, 'Delete Marker Created'],
      [VersionId, 'Permanently Deleted'],
    ]);
    const sequencers = s3.events.map(({ detail }: any) => detail.object.sequencer);
    expect([...sequencers].sort()).toEqual(sequencers);
  });
});
