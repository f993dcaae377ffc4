import { AwsError } from '../../aws-error.ts';

/** Why a signature is not accepted. */
export type Refusal =
  | 'unsigned'
  | 'incomplete'
  | 'incomplete query'
  | 'unknown key'
  | 'wrong token'
  | 'old key'
  | 'wrong signature'
  | 'wrong region'
  | 'skewed'
  | 'expired'
  | 'no payload hash';

const invalidToken = 'The security token included in the request is invalid.';
const mismatch =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.';

const ofS3: Readonly<Record<Refusal, readonly [code: string, statusCode: number, message: string]>> = {
  unsigned: ['AccessDenied', 403, 'Access Denied'],
  incomplete: ['AuthorizationHeaderMalformed', 400, 'The authorization header that you provided is not valid.'],
  'incomplete query': ['AuthorizationQueryParametersError', 400, 'Error parsing the X-Amz parameters of the query.'],
  'unknown key': ['InvalidAccessKeyId', 403, 'The AWS Access Key Id you provided does not exist in our records.'],
  'wrong token': ['InvalidToken', 400, 'The provided token is malformed or otherwise invalid.'],
  'old key': ['ExpiredToken', 400, 'The provided token has expired.'],
  'wrong signature': ['SignatureDoesNotMatch', 403, mismatch],
  'wrong region': ['AuthorizationHeaderMalformed', 400, 'The authorization header is malformed; the region is wrong'],
  skewed: ['RequestTimeTooSkewed', 403, 'The difference between the request time and the current time is too large.'],
  expired: ['AccessDenied', 403, 'Request has expired'],
  'no payload hash': ['InvalidRequest', 400, 'Missing required header for this request: x-amz-content-sha256'],
};

const incomplete = [
  'IncompleteSignatureException',
  400,
  'Authorization header requires Credential, SignedHeaders, Signature and a date.',
] as const;

const ofOthers: typeof ofS3 = {
  unsigned: ['MissingAuthenticationTokenException', 403, 'Missing Authentication Token'],
  incomplete,
  'incomplete query': incomplete,
  'unknown key': ['UnrecognizedClientException', 400, invalidToken],
  'wrong token': ['UnrecognizedClientException', 400, invalidToken],
  'old key': ['ExpiredTokenException', 400, 'The security token included in the request is expired'],
  'wrong signature': ['InvalidSignatureException', 403, mismatch],
  'wrong region': ['InvalidSignatureException', 403, 'Credential should be scoped to a valid region.'],
  skewed: ['InvalidSignatureException', 403, 'Signature expired or not yet current: the clock of the caller is wrong.'],
  expired: ['InvalidSignatureException', 403, 'Signature expired'],
  'no payload hash': ['InvalidSignatureException', 403, mismatch],
};

/** Services that descend from AWS's query protocol keep its codes, whatever they speak now. */
const queryCodes: Partial<Record<Refusal, string>> = {
  unsigned: 'MissingAuthenticationToken',
  incomplete: 'IncompleteSignature',
  'incomplete query': 'IncompleteSignature',
  'unknown key': 'InvalidClientTokenId',
  'wrong token': 'InvalidClientTokenId',
  'old key': 'ExpiredToken',
  'wrong signature': 'SignatureDoesNotMatch',
  'wrong region': 'SignatureDoesNotMatch',
  skewed: 'SignatureDoesNotMatch',
  expired: 'SignatureDoesNotMatch',
  'no payload hash': 'SignatureDoesNotMatch',
};
const queryServices = new Set(['sqs', 'sns', 'sts', 'iam', 'monitoring']);

/** The error with which the service that a request was signed for refuses its signature. `detail` is added to the message. */
export function refusal(service: string, reason: Refusal, detail = ''): AwsError {
  const [code, statusCode, message] = (service === 's3' ? ofS3 : ofOthers)[reason];
  const text = detail ? `${message} (${detail})` : message;
  if (!queryServices.has(service)) return new AwsError(code, text, statusCode);
  return new AwsError(queryCodes[reason] ?? code, text, reason.startsWith('incomplete') ? 400 : 403);
}
