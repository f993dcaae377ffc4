import type { ObjectAccess } from '../../local/states/environment.ts';
import { StatesError } from '../../local/states/states-error.ts';
import type { ConformanceCase } from './conformance-case.ts';

/** The objects that a case's setup put into S3. */
export function recordedObjects(recorded: ConformanceCase): ObjectAccess {
  const objects = new Map<string, string>();
  for (const { service, op, params } of recorded.setup ?? []) {
    if (service === 's3' && op === 'put_object') objects.set(`${params.Bucket}/${params.Key}`, params.Body);
  }
  return {
    async read(_resource, { Bucket, Key }) {
      const body = objects.get(`${Bucket}/${Key}`);
      if (body === undefined) throw new StatesError('States.ItemReaderFailed', 'The specified key does not exist.');
      return Buffer.from(body);
    },
    async *list({ Bucket, Prefix = '' }) {
      for (const [path, body] of objects) {
        const [bucket, key] = [path.slice(0, path.indexOf('/')), path.slice(path.indexOf('/') + 1)];
        if (bucket === Bucket && key.startsWith(Prefix)) yield { Key: key, Size: Buffer.byteLength(body) };
      }
    },
    async write({ Bucket, Key, Body }) {
      objects.set(`${Bucket}/${Key}`, Body);
    },
  };
}
