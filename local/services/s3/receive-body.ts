import { askedAlgorithm, BodyChecks, claimedChecksums } from './body-checks.ts';
import type { DataFiles } from './data-files.ts';
import type { Algorithm } from './digest.ts';
import { incomingBody } from './incoming-body.ts';
import type { Checksums, Extent } from './object-version.ts';

/** A body on disk, checked against all that its sender said about it. */
export interface ReceivedBody {
  readonly extent: Extent;
  readonly md5: Buffer;
  /** The checksum that came with the body, or else the one that was asked for. */
  readonly checksums: Checksums;
}

export interface ReceiveOptions {
  /** Computed where no checksum came with the body. Default: none. */
  readonly fallback?: Algorithm | undefined;
  /** Computed in any case. */
  readonly always?: Algorithm | undefined;
}

/**
 * Writes `input.Body` to a file and verifies Content-MD5, the signed SHA-256 and the checksum in header or trailer.
 * Where the body is not what was said, nothing is left behind.
 */
export async function receiveBody(files: DataFiles, input: any, options: ReceiveOptions): Promise<ReceivedBody> {
  const body = incomingBody(input.Body);
  const algorithm = askedAlgorithm(input.ChecksumAlgorithm) ?? options.fallback;
  const checks = new BodyChecks({ contentMd5: input.ContentMD5, checksums: claimedChecksums(input), algorithm }, body);
  // The entity tag of an object is its MD5.
  checks.digest('MD5');
  if (options.always) checks.digest(options.always);
  const extent = await files.write(body, checks);
  try {
    const { digests, checksums } = checks.finish();
    if (options.always) checksums[options.always] = digests.get(options.always)!.toString('base64');
    return { extent, md5: digests.get('MD5')!, checksums };
  } catch (error) {
    files.remove(extent);
    throw error;
  }
}
