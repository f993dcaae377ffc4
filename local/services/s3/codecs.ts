import * as sdk from '@aws-sdk/client-s3';
import { type BodyBinding, bodyBinding, inputDecoder } from '../../protocols/rest-xml/input-decoder.ts';
import { type EncodedOutput, outputEncoder } from '../../protocols/rest-xml/output-encoder.ts';
import { type RequestTarget, Router } from '../../protocols/rest-xml/router.ts';
import { type OperationShape, operationShape } from '../../protocols/rest-xml/shape.ts';

export const xmlNamespace = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** How one operation travels over HTTP. */
export interface Codec {
  readonly operation: OperationShape;
  readonly body: BodyBinding;
  decode(target: RequestTarget): any;
  encode(output: any): EncodedOutput;
}

/** Operations that other kinds of bucket have, under addresses that ordinary ones use too. */
const elsewhere = new Set(['CreateSession', 'ListDirectoryBuckets', 'WriteGetObjectResponse']);

/** Every operation of S3 by its address, out of the SDK's own model; those that are not served are known by name too. */
export function s3Codecs(): { find(target: RequestTarget): Codec | undefined } {
  const schemas = Object.values(sdk).filter(
    (value: any) => Array.isArray(value) && value[0] === 9 && !elsewhere.has(value[2]),
  );
  const router = new Router(schemas.map(operationShape));
  const codecs = new Map<string, Codec>();
  return {
    find(target) {
      const operation = router.find(target);
      if (!operation) return undefined;
      let codec = codecs.get(operation.name);
      if (!codec) {
        const encode = outputEncoder(operation, xmlNamespace);
        codec = { operation, body: bodyBinding(operation), decode: inputDecoder(operation), encode };
        codecs.set(operation.name, codec);
      }
      return codec;
    },
  };
}
