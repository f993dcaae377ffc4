import type { JsonObject } from '../json.ts';

export interface ResponseShape {
  readonly requestId: string;
  readonly body: unknown;
  /** Milliseconds since the epoch, for the Date header. */
  readonly time: number;
  readonly contentType?: string;
  /** Headers beside those that every answer has. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Query and JSON services of older make write this header small. Default `Connection`. */
  readonly connectionHeader?: 'connection';
}

/** The HTTP and response metadata that optimized integrations add to what a service answers. */
export function sdkMetadata(shape: ResponseShape): JsonObject {
  const { requestId, body } = shape;
  const headers: Record<string, string> = {
    [shape.connectionHeader ?? 'Connection']: 'keep-alive',
    'Content-Length': String(Buffer.byteLength(typeof body === 'string' ? body : JSON.stringify(body))),
    'Content-Type': shape.contentType ?? 'application/x-amz-json-1.0',
    Date: new Date(shape.time).toUTCString(),
    'x-amzn-RequestId': requestId,
    ...shape.headers,
  };
  return {
    SdkHttpMetadata: {
      AllHttpHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
      HttpHeaders: headers,
      HttpStatusCode: 200,
    },
    SdkResponseMetadata: { RequestId: requestId },
  };
}
