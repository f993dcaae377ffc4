import { NotSupportedError } from '../../aws-error.ts';
import { type Algorithm, algorithms, createDigest, type Digest } from './digest.ts';
import { s3Error } from './errors.ts';
import type { IncomingBody } from './incoming-body.ts';
import type { Checksums } from './object-version.ts';

/** What the sender of a body says that it is. */
export interface BodyClaims {
  /** Base64. */
  readonly contentMd5?: string | undefined;
  readonly checksums?: Checksums;
  /** Computed where no checksum comes with the body. */
  readonly algorithm?: Algorithm | undefined;
}

const header = (algorithm: Algorithm) => `x-amz-checksum-${algorithm.toLowerCase()}`;

/** Digests a body on its way and holds it against what was said about it, each algorithm once. */
export class BodyChecks {
  readonly #claims: BodyClaims;
  readonly #body: IncomingBody;
  readonly #announced: Algorithm | undefined;
  readonly #digests = new Map<Algorithm, Digest>();

  /** Throws where more than one checksum comes with the body, or one that is not supported. */
  constructor(claims: BodyClaims, body: IncomingBody) {
    this.#claims = claims;
    this.#body = body;
    this.#announced = announced(claims, body);
    for (const algorithm of [
      this.#announced ?? claims.algorithm,
      claims.contentMd5 !== undefined && 'MD5',
      body.contentSha256 && 'SHA256',
    ]) {
      if (algorithm) this.digest(algorithm as Algorithm);
    }
  }

  /** Asks for a further digest; call it before the first `update`. */
  digest(algorithm: Algorithm): void {
    if (!this.#digests.has(algorithm)) this.#digests.set(algorithm, createDigest(algorithm));
  }

  /** Leaves a digest to the caller, who puts the result back before `finish`. False where it is not wanted. */
  takeOut(algorithm: Algorithm): boolean {
    return this.#digests.delete(algorithm);
  }

  putBack(algorithm: Algorithm, digest: Buffer): void {
    this.#digests.set(algorithm, { update: () => {}, digest: () => digest });
  }

  update(chunk: Uint8Array): void {
    for (const digest of this.#digests.values()) digest.update(chunk);
  }

  /** The digests of the whole body, by algorithm. Throws BadDigest, InvalidDigest or XAmzContentSHA256Mismatch. */
  finish(): { digests: ReadonlyMap<Algorithm, Buffer>; checksums: Checksums } {
    const digests = new Map([...this.#digests].map(([algorithm, digest]) => [algorithm, digest.digest()]));
    this.#verifyMd5(digests);
    this.#verifySha256(digests);
    this.#verifyChecksum(digests);
    const kept = this.#announced ?? this.#claims.algorithm;
    return { digests, checksums: kept ? { [kept]: digests.get(kept)!.toString('base64') } : {} };
  }

  #verifyMd5(digests: ReadonlyMap<Algorithm, Buffer>): void {
    const { contentMd5 } = this.#claims;
    if (contentMd5 === undefined || equal('Content-MD5', contentMd5, digests.get('MD5')!)) return;
    throw s3Error('BadDigest', {}, 'The Content-MD5 you specified did not match what we received.');
  }

  #verifySha256(digests: ReadonlyMap<Algorithm, Buffer>): void {
    const expected = this.#body.contentSha256;
    if (!expected) return;
    const computed = digests.get('SHA256')!.toString('hex');
    if (computed === expected) return;
    const details = { ClientComputedContentSHA256: expected, S3ComputedContentSHA256: computed };
    throw s3Error('XAmzContentSHA256Mismatch', details);
  }

  #verifyChecksum(digests: ReadonlyMap<Algorithm, Buffer>): void {
    const algorithm = this.#announced;
    if (!algorithm) return;
    const given = this.#claims.checksums?.[algorithm] ?? this.#body.trailers[header(algorithm)];
    if (given === undefined) {
      throw s3Error('InvalidRequest', {}, `The trailer ${header(algorithm)} was announced and did not come`);
    }
    if (equal(header(algorithm), given, digests.get(algorithm)!)) return;
    throw s3Error('BadDigest', {}, `The ${algorithm} you specified did not match the calculated checksum.`);
  }
}

/** The one algorithm whose value comes with the body, in a header or in a trailer. */
function announced({ checksums = {} }: BodyClaims, body: IncomingBody): Algorithm | undefined {
  const given = algorithms.filter((each) => checksums[each] !== undefined || body.trailerNames.includes(header(each)));
  if (given.length > 1) {
    const problem = 'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.';
    throw s3Error('InvalidRequest', {}, problem);
  }
  for (const name of body.trailerNames) {
    if (!algorithms.some((each) => header(each) === name)) throw new NotSupportedError(`s3 with the trailer ${name}`);
  }
  return given[0];
}

function equal(name: string, given: string, computed: Buffer): boolean {
  const expected = Buffer.from(given, 'base64');
  if (expected.length !== computed.length) throw s3Error('InvalidDigest', {}, `Value for ${name} header is invalid.`);
  return expected.equals(computed);
}

/** The checksum members of an SDK input. */
export function claimedChecksums(input: any): Checksums {
  const result: Checksums = {};
  for (const each of algorithms) {
    const value = input[`Checksum${each}`];
    if (value !== undefined) result[each] = value;
  }
  return result;
}

/** The checksum headers of a request. */
export function checksumHeaders(headers: Readonly<Record<string, unknown>>): Checksums {
  const result: Checksums = {};
  for (const each of algorithms) {
    const value = headers[header(each)];
    if (typeof value === 'string') result[each] = value;
  }
  return result;
}

/** `ChecksumAlgorithm` asks for a checksum where none is given. Throws where it is not supported. */
export function askedAlgorithm(name: unknown): Algorithm | undefined {
  if (name === undefined) return undefined;
  const found = algorithms.find((each) => each === name);
  if (!found) throw new NotSupportedError(`the s3 checksum algorithm ${name}`);
  return found;
}
