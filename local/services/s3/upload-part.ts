import { askedAlgorithm } from './body-checks.ts';
import { type Algorithm, algorithms } from './digest.ts';
import { s3Error } from './errors.ts';
import { incomingBody } from './incoming-body.ts';
import { receiveBody } from './receive-body.ts';
import type { S3State } from './s3-state.ts';
import type { Upload, UploadedPart } from './uploads.ts';

const mostParts = 10_000;
const longestPartBytes = 5 * 1024 ** 3;

/** Puts `input.Body` on disk as a part, with the checksum that the whole will need. */
export async function receivePart(
  { files, uploads, cloud }: S3State,
  upload: Upload,
  input: any,
): Promise<UploadedPart> {
  const number = Number(input.PartNumber);
  if (!Number.isInteger(number) || number < 1 || number > mostParts) {
    const problem = `Part number must be an integer between 1 and ${mostParts}, inclusive`;
    throw s3Error('InvalidArgument', { ArgumentName: 'partNumber', ArgumentValue: input.PartNumber }, problem);
  }
  const { algorithm } = upload.record;
  checkAlgorithm(upload, input);
  const body = await receiveBody(
    files,
    { ...input, ChecksumAlgorithm: undefined },
    { always: algorithm ?? 'CRC64NVME' },
  );
  try {
    if (body.extent.size > longestPartBytes) throw s3Error('EntityTooLarge', { ProposedSize: body.extent.size });
    const part: UploadedPart = {
      number,
      ...body.extent,
      etag: body.md5.toString('hex'),
      checksums: body.checksums,
      lastModified: cloud.clock.now(),
    };
    uploads.putPart(upload, part);
    return part;
  } catch (error) {
    files.remove(body.extent);
    throw error;
  }
}

/** The parts of an upload that named an algorithm come with that one, and for a composite checksum never without. */
function checkAlgorithm({ record: { algorithm, checksumType } }: Upload, input: any): void {
  const given = givenAlgorithm(input);
  if (!algorithm || given === algorithm || (!given && checksumType === 'FULL_OBJECT')) return;
  const problem = `Checksum Type mismatch occurred, expected checksum Type: ${algorithm.toLowerCase()}, actual checksum Type: ${given?.toLowerCase() ?? 'null'}`;
  throw s3Error('InvalidRequest', {}, problem);
}

/** The algorithm of the checksum that comes with a part, in a member or in a trailer. */
function givenAlgorithm(input: any): Algorithm | undefined {
  const { trailerNames } = incomingBody(input.Body);
  const inBody = (algorithm: Algorithm) => trailerNames.includes(`x-amz-checksum-${algorithm.toLowerCase()}`);
  return (
    algorithms.find((each) => input[`Checksum${each}`] !== undefined || inBody(each)) ??
    askedAlgorithm(input.ChecksumAlgorithm)
  );
}
