import * as sdk from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { s3Cloud } from './s3-cloud.ts';

const Bucket = 'lake';
let s3: Awaited<ReturnType<typeof s3Cloud>>;
const send = (command: any): Promise<any> => s3.client.send(command);
const put = (Key: string, Body = '0123456789', more: object = {}) =>
  send(new sdk.PutObjectCommand({ Bucket, Key, Body, ...more }));
const get = (Key: string, more: object = {}) => send(new sdk.GetObjectCommand({ Bucket, Key, ...more }));

beforeAll(async () => {
  s3 = await s3Cloud();
  await send(new sdk.CreateBucketCommand({ Bucket }));
  await put('ten');
  await put('empty', '');
});
afterAll(() => s3.close());

it.each([
  ['bytes=0-0', '0', 'bytes 0-0/10'],
  ['bytes=9-', '9', 'bytes 9-9/10'],
  ['bytes=9-100', '9', 'bytes 9-9/10'],
  ['bytes=-100', '0123456789', 'bytes 0-9/10'],
  // What is no single range is passed over.
  ['bytes=5-2', '0123456789', undefined],
  ['bytes=0-1,3-4', '0123456789', undefined],
  ['lines=0-1', '0123456789', undefined],
])('answers the range %s with %s', async (Range, expected, ContentRange) => {
  const answer = await get('ten', { Range });
  expect(answer.$metadata.httpStatusCode).toBe(ContentRange ? 206 : 200);
  expect(answer.ContentRange).toBe(ContentRange);
  expect(await answer.Body.transformToString()).toBe(expected);
});

it.each([
  ['a range of an empty object', 'empty', { Range: 'bytes=0-' }, 'InvalidRange'],
  ['the last no bytes', 'ten', { Range: 'bytes=-0' }, 'InvalidRange'],
  ['a part and a range at once', 'ten', { PartNumber: 1, Range: 'bytes=0-1' }, 'InvalidRequest'],
  ['a part that there is not', 'ten', { PartNumber: 2 }, 'InvalidPartNumber'],
  ['a version that cannot be', 'ten', { VersionId: 'nope' }, 'InvalidArgument'],
])('refuses %s', async (_, Key, more, name) => {
  await expect(get(Key, more)).rejects.toMatchObject({ name });
});

it('knows the object of a bucket without versions as its version null', async () => {
  await put('null');
  expect(await (await get('null', { VersionId: 'null' })).Body.transformToString()).toBe('0123456789');
  await send(new sdk.DeleteObjectCommand({ Bucket, Key: 'null', VersionId: 'null' }));
  await expect(get('null')).rejects.toMatchObject({ name: 'NoSuchKey' });
});

it('lists nothing, all, or what comes behind, with delimiters of any script', async () => {
  for (const Key of ['list/ä/1', 'list/ä/2', 'list/ä', 'list/x😀y', 'list/']) await put(Key, '');
  const list = async (more: object) => {
    const answer = await send(new sdk.ListObjectsV2Command({ Bucket, Prefix: 'list/', ...more }));
    return {
      keys: (answer.Contents ?? []).map(({ Key }: any) => Key),
      prefixes: (answer.CommonPrefixes ?? []).map(({ Prefix }: any) => Prefix),
    };
  };
  expect(await list({ MaxKeys: 0 })).toEqual({ keys: [], prefixes: [] });
  expect(await list({ Delimiter: '/' })).toEqual({ keys: ['list/', 'list/x😀y', 'list/ä'], prefixes: ['list/ä/'] });
  expect(await list({ Delimiter: '😀' })).toMatchObject({ prefixes: ['list/x😀'] });
  expect(await list({ Delimiter: '/', StartAfter: 'list/ä/1' })).toEqual({ keys: [], prefixes: ['list/ä/'] });
  expect(await list({ Prefix: 'list/ä', Delimiter: '/', EncodingType: 'url' })).toEqual({
    keys: ['list/%C3%A4'],
    prefixes: ['list/%C3%A4/'],
  });
  for (const wrong of [{ MaxKeys: -1 }, { ContinuationToken: 'none' }])
    await expect(list(wrong)).rejects.toMatchObject({ name: 'InvalidArgument' });
});

it('deletes what is there and what is not alike, quietly where asked to', async () => {
  const remove = (Objects: object[], Quiet = false) =>
    send(new sdk.DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet } as any }));
  expect((await remove([{ Key: 'none' }, { Key: 'none' }])).Deleted).toHaveLength(2);
  expect((await remove([{ Key: 'none' }], true)).Deleted).toBeUndefined();
  expect((await remove([{ Key: 'ten', VersionId: 'nope' }])).Errors).toMatchObject([{ Code: 'InvalidArgument' }]);
  for (const keys of [[], Array.from({ length: 1001 }, (_, index) => ({ Key: `${index}` }))])
    await expect(remove(keys)).rejects.toMatchObject({ name: 'MalformedXML' });
});

it.each<[string, object[], string]>([
  ['more than ten tags', Array.from({ length: 11 }, (_, index) => ({ Key: `${index}`, Value: '' })), 'BadRequest'],
  ['one key twice', ['1', '2'].map((Value) => ({ Key: 'a', Value })), 'InvalidTag'],
  ['a key of 129 letters', [{ Key: 'a'.repeat(129), Value: '' }], 'InvalidTag'],
  ['a value of 257 letters', [{ Key: 'a', Value: 'v'.repeat(257) }], 'InvalidTag'],
])('refuses to tag with %s', async (_, TagSet, name) => {
  const tag = new sdk.PutObjectTaggingCommand({ Bucket, Key: 'ten', Tagging: { TagSet } as any });
  await expect(send(tag)).rejects.toMatchObject({ name });
});

it('gives metadata back in words that headers can carry', async () => {
  await put('named', 'x', { Metadata: { Plain: 'a b', other: 'Läufe' } });
  const { Metadata } = await send(new sdk.HeadObjectCommand({ Bucket, Key: 'named' }));
  expect(Metadata).toEqual({ plain: 'a b', other: expect.stringMatching(/^=\?UTF-8\?B\?[A-Za-z0-9+/=]+\?=$/) });
});

it('copies the parts of an object by ranges that are inside of it', async () => {
  const { UploadId } = await send(new sdk.CreateMultipartUploadCommand({ Bucket, Key: 'joined' }));
  const copy = (CopySourceRange: string, more: object = {}) =>
    send(
      new sdk.UploadPartCopyCommand({
        ...{ Bucket, Key: 'joined', UploadId, PartNumber: 1, CopySource: `${Bucket}/ten`, CopySourceRange },
        ...more,
      }),
    );
  await expect(copy('bytes=5-10')).rejects.toThrow('not valid for source object of size: 10');
  for (const range of ['bytes=5-', 'bytes=-5', 'bytes=6-5', '0-5'])
    await expect(copy(range)).rejects.toMatchObject({ name: 'InvalidArgument' });
  await expect(copy('bytes=0-1', { CopySource: `${Bucket}/none` })).rejects.toMatchObject({ name: 'NoSuchKey' });
  await expect(copy('bytes=0-1', { CopySourceIfMatch: '"other"' })).rejects.toMatchObject({
    name: 'PreconditionFailed',
  });
  const { CopyPartResult } = await copy('bytes=5-9');
  const Parts = [{ PartNumber: 1, ETag: CopyPartResult.ETag }];
  const complete = { Bucket, Key: 'joined', UploadId, MultipartUpload: { Parts } };
  await expect(send(new sdk.CompleteMultipartUploadCommand({ ...complete, MpuObjectSize: 6 }))).rejects.toMatchObject({
    name: 'InvalidRequest',
  });
  await send(new sdk.CompleteMultipartUploadCommand(complete));
  expect(await (await get('joined')).Body.transformToString()).toBe('56789');
});

it.each<[string, object, string]>([
  ['without an action', {}, 'InvalidRequest'],
  ['after no days', { Expiration: { Days: 0 } }, 'InvalidArgument'],
  ['of old versions after no days', { NoncurrentVersionExpiration: { NoncurrentDays: 0 } }, 'InvalidArgument'],
  ['in the middle of a day', { Expiration: { Date: new Date('2027-01-01T12:00:00Z') } }, 'InvalidArgument'],
  ['to where objects cannot be read', { Transitions: [{ Days: 1, StorageClass: 'GLACIER' }] }, 'NotImplemented'],
])('refuses a lifecycle rule %s', async (_, more, name) => {
  const Rules: any = [{ Status: 'Enabled', Filter: {}, ...more }];
  const rules = new sdk.PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } });
  await expect(send(rules)).rejects.toMatchObject({ name });
});
