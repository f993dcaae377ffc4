/**
 * List prices of us-east-1 in US dollars, November 2026, without what an account gets for nothing. Sources: the pricing
 * pages of the services, aws.amazon.com/{lambda,step-functions,s3,sqs,dynamodb,eventbridge}/pricing/.
 */
export const prices = {
  /** x86, the first tier. */
  lambdaGigabyteSecond: 0.0000166667,
  lambdaRequest: 0.2 / 1e6,
  /** Of disk above 512 MB. */
  lambdaDiskGigabyteSecond: 0.0000000309,
  /** Of a standard workflow; the children of a distributed Map count like any. */
  stateTransition: 0.025 / 1e3,
  /** PUT, POST, LIST. */
  s3Write: 0.005 / 1e3,
  /** GET, HEAD. */
  s3Read: 0.0004 / 1e3,
  sqsRequest: 0.4 / 1e6,
  /** On demand; one for each KB of an item. */
  dynamodbWriteUnit: 0.625 / 1e6,
  /** On demand; one for each 4 KB, read consistently. */
  dynamodbReadUnit: 0.125 / 1e6,
  eventPublished: 1 / 1e6,
} as const;
