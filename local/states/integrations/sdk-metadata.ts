import type { JsonObject } from '../json.ts';

export interface ResponseShape {
  readonly requestId: string;
  readonly body: unknown;
  readonly contentType?: string;
  readonly statusCode?: number;
  /** Headers beside those that every answer has. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** The HTTP and response metadata that optimized integrations add to what a service answers. */
export function sdkMetadata({ requestId, body, contentType, statusCode = 200, headers }: ResponseShape): JsonObject {
  const all: Record<string, string> = {
    Connection: 'keep-alive',
    'Content-Length': String(Buffer.byteLength(typeof body === 'string' ? body : JSON.stringify(body))),
    'Content-Type': contentType ?? 'application/x-amz-json-1.0',
    'x-amzn-RequestId': requestId,
    ...headers,
  };
  return {
    SdkHttpMetadata: {
      AllHttpHeaders: Object.fromEntries(Object.entries(all).map(([name, value]) => [name, [value]])),
      HttpHeaders: all,
      HttpStatusCode: statusCode,
    },
    SdkResponseMetadata: { RequestId: requestId },
  };
}
