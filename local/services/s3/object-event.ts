import { urlEncoded } from './url-encoding.ts';

/** What happened to an object, as it is kept until everyone who asked was told. */
export interface ObjectEvent {
  readonly bucket: string;
  readonly key: string;
  /** The EventBridge detail-type. */
  readonly type: 'Object Created' | 'Object Deleted' | 'Object Tags Added' | 'Object Tags Deleted';
  /** The API operation, or `Lifecycle Expiration`; absent for tags. */
  readonly reason?: string;
  readonly deletionType?: 'Delete Marker Created' | 'Permanently Deleted';
  readonly size?: number;
  readonly etag?: string;
  /** Absent outside of versioning. */
  readonly versionId?: string;
  readonly sequence: number;
  readonly time: number;
  readonly requester: string;
  readonly requestId: string;
}

const sourceAddress = '127.0.0.1';
const sequencer = (event: ObjectEvent) => event.sequence.toString(16).toUpperCase().padStart(16, '0');

/** The detail of the EventBridge event; the key is as it is. */
export function eventBridgeDetail(event: ObjectEvent) {
  return {
    version: '0',
    bucket: { name: event.bucket },
    object: {
      key: event.key,
      ...(event.size !== undefined && { size: event.size }),
      ...(event.etag !== undefined && { etag: event.etag }),
      ...(event.versionId !== undefined && { 'version-id': event.versionId }),
      sequencer: sequencer(event),
    },
    'request-id': event.requestId,
    requester: event.requester,
    ...(event.reason !== 'Lifecycle Expiration' && { 'source-ip-address': sourceAddress }),
    ...(event.reason !== undefined && { reason: event.reason }),
    ...(event.deletionType !== undefined && { 'deletion-type': event.deletionType }),
  };
}

const createdNames: Readonly<Record<string, string>> = {
  PutObject: 'Put',
  CopyObject: 'Copy',
  CompleteMultipartUpload: 'CompleteMultipartUpload',
};

/** The name that bucket notifications know the event by, without `s3:`. */
export function notificationName(event: ObjectEvent): string {
  if (event.type === 'Object Created') return `ObjectCreated:${createdNames[event.reason!]}`;
  if (event.type === 'Object Tags Added') return 'ObjectTagging:Put';
  if (event.type === 'Object Tags Deleted') return 'ObjectTagging:Delete';
  const kind = event.reason === 'Lifecycle Expiration' ? 'LifecycleExpiration' : 'ObjectRemoved';
  return `${kind}:${event.deletionType === 'Delete Marker Created' ? 'DeleteMarkerCreated' : 'Delete'}`;
}

/** The message of a classic bucket notification; its key is encoded as a form field is, with `+` for a space. */
export function notificationMessage(event: ObjectEvent, region: string, configurationId: string, owner: string) {
  return {
    Records: [
      {
        eventVersion: '2.1',
        eventSource: 'aws:s3',
        awsRegion: region,
        eventTime: new Date(event.time).toISOString(),
        eventName: notificationName(event),
        userIdentity: { principalId: event.requester },
        requestParameters: { sourceIPAddress: sourceAddress },
        responseElements: { 'x-amz-request-id': event.requestId, 'x-amz-id-2': event.requestId },
        s3: {
          s3SchemaVersion: '1.0',
          configurationId,
          bucket: { name: event.bucket, ownerIdentity: { principalId: owner }, arn: `arn:aws:s3:::${event.bucket}` },
          object: {
            key: urlEncoded(event.key),
            ...(event.size !== undefined && { size: event.size }),
            ...(event.etag !== undefined && { eTag: event.etag }),
            ...(event.versionId !== undefined && { versionId: event.versionId }),
            sequencer: sequencer(event),
          },
        },
      },
    ],
  };
}
