import { askedAlgorithm } from './body-checks.ts';
import { algorithms } from './digest.ts';
import { s3Error } from './errors.ts';
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

/** The parts of an upload that named an algorithm come with that one. */
function checkAlgorithm({ record: { algorithm } }: Upload, input: any): void {
  const given =
    algorithms.find((each) => input[`Checksum${each}`] !== undefined) ?? askedAlgorithm(input.ChecksumAlgorithm);
  if (!algorithm || !given || given === algorithm) return;
  const problem = `Checksum Type mismatch occurred, expected checksum Type: ${algorithm.toLowerCase()}, actual checksum Type: ${given.toLowerCase()}`;
  throw s3Error('InvalidRequest', {}, problem);
}
