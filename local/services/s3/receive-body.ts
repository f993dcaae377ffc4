import { askedAlgorithm, BodyChecks, claimedChecksums } from './body-checks.ts';
import { type DataFiles, smallBytes } from './data-files.ts';
import type { Algorithm } from './digest.ts';
import { type IncomingBody, incomingBody } from './incoming-body.ts';
import type { Checksums } from './object-version.ts';

/** A body on disk, checked against all that its sender said about it. */
export interface ReceivedBody {
  readonly file: string;
  readonly size: number;
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
  const { id, size } = await writeBody(files, body, checks);
  try {
    const { digests, checksums } = checks.finish();
    if (options.always) checksums[options.always] = digests.get(options.always)!.toString('base64');
    return { file: id, size, md5: digests.get('MD5')!, checksums };
  } catch (error) {
    files.remove(id);
    throw error;
  }
}

async function writeBody(
  files: DataFiles,
  body: IncomingBody,
  checks: BodyChecks,
): Promise<{ id: string; size: number }> {
  if (body.length === undefined || body.length > smallBytes) return files.write(body, (chunk) => checks.update(chunk));
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  const bytes = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
  checks.update(bytes);
  return { id: files.writeSmall(bytes), size: bytes.length };
}
