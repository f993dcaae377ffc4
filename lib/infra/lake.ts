import { BlockPublicAccess, Bucket, BucketEncryption, type CfnBucket } from 'aws-cdk-lib/aws-s3';
import { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { stagedLife } from '../core/staged-life.ts';

/**
 * The lake: one bucket for all zones. Versioned, encrypted, TLS only, closed to the public; tells the default event
 * bus of every object. Outlives its stack.
 */
export class Lake extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      versioned: true,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [
        { id: 'staged', prefix: 'staged/', expiration: Duration.millis(stagedLife) },
        {
          id: 'old-versions',
          noncurrentVersionExpiration: Duration.days(30),
          abortIncompleteMultipartUploadAfter: Duration.days(2),
          expiredObjectDeleteMarker: true,
        },
      ],
    });
    // Bucket's own `eventBridgeEnabled` brings a custom resource with a function of its own.
    const resource = this.bucket.node.defaultChild as CfnBucket;
    resource.notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
  }

  /** ARN of all objects below a prefix, e.g. `staged/flights/`, or of one by its key. */
  objects(prefixOrKey: string): string {
    return this.bucket.arnForObjects(prefixOrKey.endsWith('/') ? `${prefixOrKey}*` : prefixOrKey);
  }
}
