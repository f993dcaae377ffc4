import type { Operation } from '../../../service.ts';
import { type S3ErrorCode, s3Error } from '../errors.ts';
import { checkedTags } from '../object-input.ts';
import type { S3State } from '../s3-state.ts';

/** A setting of a bucket that is kept and given back in the SDK's shapes. None of them changes what local S3 does but encryption, which objects name. */
interface Setting {
  /** Name under which it is kept. */
  readonly name: string;
  /** Member of the Put input that holds it. */
  readonly member: string;
  /** What Get answers: the kept value under this member, or all its members where undefined. */
  readonly answer?: string;
  /** Why Get fails where nothing was set; without it Get answers `usual`, or empty. */
  readonly missing?: S3ErrorCode;
  readonly usual?: object;
  /** Throws where AWS refuses the value. */
  check?(value: any): void;
}

/** By the name that is common to the Put, Get and Delete operations. */
const settings: Readonly<Record<string, Setting>> = {
  BucketCors: { name: 'cors', member: 'CORSConfiguration', missing: 'NoSuchCORSConfiguration' },
  BucketEncryption: {
    name: 'encryption',
    member: 'ServerSideEncryptionConfiguration',
    answer: 'ServerSideEncryptionConfiguration',
    usual: { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false }] },
    check: checkEncryption,
  },
  BucketLogging: { name: 'logging', member: 'BucketLoggingStatus' },
  BucketOwnershipControls: {
    name: 'ownership',
    member: 'OwnershipControls',
    answer: 'OwnershipControls',
    missing: 'OwnershipControlsNotFoundError',
  },
  BucketTagging: {
    name: 'tagging',
    member: 'Tagging',
    missing: 'NoSuchTagSet',
    check: (value) => void checkedTags(value.TagSet ?? [], 50),
  },
  PublicAccessBlock: {
    name: 'publicAccessBlock',
    member: 'PublicAccessBlockConfiguration',
    answer: 'PublicAccessBlockConfiguration',
    missing: 'NoSuchPublicAccessBlockConfiguration',
  },
};

/** `Put…`, `Get…` and `Delete…` of every setting. */
export function bucketSettings(s3: S3State): Record<string, Operation> {
  const operations: Record<string, Operation> = {};
  for (const [suffix, setting] of Object.entries(settings)) {
    operations[`Put${suffix}`] = putSetting(s3, setting);
    operations[`Get${suffix}`] = getSetting(s3, setting);
    if (suffix !== 'BucketLogging') operations[`Delete${suffix}`] = deleteSetting(s3, setting);
  }
  return operations;
}

function putSetting({ buckets }: S3State, { name, member, check }: Setting): Operation {
  return async (input) => {
    const bucket = buckets.get(input.Bucket);
    if (input[member] === undefined) throw s3Error('MalformedXML');
    check?.(input[member]);
    buckets.change(bucket, { settings: { ...bucket.record.settings, [name]: input[member] } });
  };
}

function getSetting({ buckets }: S3State, { name, answer, missing, usual }: Setting): Operation {
  return async (input) => {
    const kept = buckets.get(input.Bucket).record.settings[name] ?? usual;
    if (kept === undefined && missing) throw s3Error(missing, { BucketName: input.Bucket });
    return answer ? { [answer]: kept } : kept;
  };
}

function deleteSetting({ buckets }: S3State, { name }: Setting): Operation {
  return async (input) => {
    const bucket = buckets.get(input.Bucket);
    const { [name]: _, ...rest } = bucket.record.settings;
    buckets.change(bucket, { settings: rest });
  };
}

function checkEncryption({ Rules = [] }: any): void {
  for (const { ApplyServerSideEncryptionByDefault: byDefault } of Rules) {
    if (!['AES256', 'aws:kms', 'aws:kms:dsse'].includes(byDefault?.SSEAlgorithm)) throw s3Error('MalformedXML');
  }
}
