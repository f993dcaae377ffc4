import { randomUUID } from 'node:crypto';
import { AwsError } from '../../aws-error.ts';
import type { ObjectAccess } from '../../states/environment.ts';
import type { Json, JsonObject } from '../../states/json.ts';
import { StatesError } from '../../states/states-error.ts';

type S3Call = (operation: string, input: JsonObject, requestId: string) => Promise<Json>;

/** S3 for distributed Maps, under the execution's role. */
export function objectAccess(s3: S3Call): ObjectAccess {
  const call = async (operation: string, input: JsonObject) => {
    const requestId = randomUUID();
    try {
      return await s3(operation, input, requestId);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      throw new StatesError(
        'States.ItemReaderFailed',
        `${error.message} (Service: S3, Status Code: ${error.statusCode}, Request ID: ${requestId}, Extended Request ID: ${requestId})`,
      );
    }
  };
  return {
    async read(_resource, parameters) {
      const { Body } = await call('GetObject', parameters);
      return bytesOf(Body);
    },

    async *list(parameters) {
      let ContinuationToken: string | undefined;
      do {
        const page = await call('ListObjectsV2', {
          ...parameters,
          ...(ContinuationToken ? { ContinuationToken } : {}),
        });
        for (const { Key, Size, ETag, LastModified, StorageClass } of page.Contents ?? []) {
          yield {
            Etag: ETag,
            Key,
            LastModified: Math.floor(new Date(LastModified).getTime() / 1000),
            Size,
            StorageClass,
          };
        }
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken);
    },

    async write({ Bucket, Key, Body }) {
      const bytes = Buffer.from(Body);
      await call('PutObject', {
        Bucket,
        Key,
        Body: bytes,
        ContentLength: bytes.length,
        ContentType: 'application/json',
      });
    },
  };
}

async function bytesOf(body: Json): Promise<Buffer> {
  if (body === undefined || body === null) return Buffer.alloc(0);
  if (typeof body === 'string' || body instanceof Uint8Array) return Buffer.from(body);
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  return Buffer.concat(chunks);
}
