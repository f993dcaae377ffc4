import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalCloud } from '../../../../local/cloud.ts';
import { root } from '../../../../local/iam/principals.ts';
import { createIam } from '../../../../local/services/iam/index.ts';
import { createS3 } from '../../../../local/services/s3/index.ts';
import { s3Permissions } from '../../../../local/services/s3/permissions.ts';

const Bucket = 'lake';
const object = (key: string) => `arn:aws:s3:::lake/${key}`;

describe('permissions of S3', () => {
  it.each([
    ['PutObject', { Key: 'a' }, ['s3:PutObject'], object('a')],
    ['HeadObject', { Key: 'a' }, ['s3:GetObject'], object('a')],
    ['GetObject', { Key: 'a', VersionId: '1' }, ['s3:GetObjectVersion'], object('a')],
    ['DeleteObject', { Key: 'a', VersionId: '1' }, ['s3:DeleteObjectVersion'], object('a')],
    ['PutObjectTagging', { Key: 'a' }, ['s3:PutObjectTagging'], object('a')],
    ['PutObject', { Key: 'a', Tagging: 'x=1' }, ['s3:PutObject', 's3:PutObjectTagging'], object('a')],
    ['UploadPart', { Key: 'a' }, ['s3:PutObject'], object('a')],
    ['AbortMultipartUpload', { Key: 'a' }, ['s3:AbortMultipartUpload'], object('a')],
    ['ListParts', { Key: 'a' }, ['s3:ListMultipartUploadParts'], object('a')],
    ['ListObjectsV2', {}, ['s3:ListBucket'], 'arn:aws:s3:::lake'],
    ['ListObjectVersions', {}, ['s3:ListBucketVersions'], 'arn:aws:s3:::lake'],
    ['PutBucketNotificationConfiguration', {}, ['s3:PutBucketNotification'], 'arn:aws:s3:::lake'],
    ['ListBuckets', {}, ['s3:ListAllMyBuckets'], '*'],
  ])('asks for what AWS asks of %s %j', (operation, input, actions, resource) => {
    const permissions = s3Permissions(operation, { Bucket, ...input });
    expect(permissions.map(({ action }) => action)).toEqual(actions);
    expect(permissions.every((permission) => permission.resource === resource)).toBe(true);
  });

  it('asks for reading the source of a copy, and for each key of a deletion of many', () => {
    const copy = s3Permissions('CopyObject', { Bucket, Key: 'to', CopySource: '/from/a%20b?versionId=7' });
    expect(copy).toEqual([
      { action: 's3:PutObject', resource: object('to') },
      { action: 's3:GetObjectVersion', resource: 'arn:aws:s3:::from/a b' },
    ]);
    const deletion = s3Permissions('DeleteObjects', { Bucket, Delete: { Objects: [{ Key: 'a' }, { Key: 'b' }] } });
    expect(deletion.map(({ resource }) => resource)).toEqual([object('a'), object('b')]);
  });

  it('gives the prefix of a listing to conditions', () => {
    const [permission] = s3Permissions('ListObjectsV2', { Bucket, Prefix: 'in/', Delimiter: '/' });
    expect(permission!.conditions).toEqual({ 's3:prefix': 'in/', 's3:delimiter': '/' });
  });
});

describe('a key that is missing', () => {
  let cloud: LocalCloud;
  const admin = root('000000000000');

  beforeAll(async () => {
    cloud = await LocalCloud.start({ services: [createIam, createS3] });
    await cloud.call('s3', 'CreateBucket', { Bucket }, admin);
  });
  afterAll(() => cloud.close());

  async function roleThatMay(RoleName: string, Statement: object[]) {
    const trust = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } };
    const AssumeRolePolicyDocument = JSON.stringify({ Statement: [trust] });
    const { Role } = await cloud.call('iam', 'CreateRole', { RoleName, AssumeRolePolicyDocument }, admin);
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
    await cloud.call('iam', 'PutRolePolicy', { RoleName, PolicyName: 'p', PolicyDocument }, admin);
    return cloud.assume(Role.Arn, 'session');
  }

  it('is told only to who may list the bucket', async () => {
    const read = { Effect: 'Allow', Action: 's3:GetObject', Resource: object('*') };
    const list = { Effect: 'Allow', Action: 's3:ListBucket', Resource: 'arn:aws:s3:::lake' };
    const reader = await roleThatMay('reader', [read]);
    const lister = await roleThatMay('lister', [read, list]);
    const get = (principal: typeof reader) => cloud.call('s3', 'GetObject', { Bucket, Key: 'none' }, principal);
    await expect(get(reader)).rejects.toMatchObject({ code: 'AccessDenied', statusCode: 403 });
    await expect(get(lister)).rejects.toMatchObject({ code: 'NoSuchKey' });
  });
});
