/** Keys that the authorizer itself fills in, for every request. */
const everywhere = [
  'aws:CurrentTime',
  'aws:EpochTime',
  'aws:PrincipalAccount',
  'aws:PrincipalArn',
  'aws:PrincipalIsAWSService',
  'aws:PrincipalServiceName',
  'aws:PrincipalType',
  'aws:RequestedRegion',
  'aws:ResourceAccount',
  'aws:SecureTransport',
  'aws:SourceAccount',
  'aws:SourceArn',
  'aws:SourceOwner',
  'aws:ViaAWSService',
  'aws:userid',
  's3:TlsVersion',
];

/** Keys that services give with the permissions of their operations. */
const ofServices = [
  'dynamodb:LeadingKeys',
  'events:detail-type',
  'events:source',
  'cloudwatch:namespace',
  'iam:PassedToService',
  'lambda:FunctionArn',
  's3:delimiter',
  's3:max-keys',
  's3:prefix',
  'ses:FromAddress',
];

const known = new Set([...everywhere, ...ofServices].map((key) => key.toLowerCase()));

/** Whether requests on this machine carry the key. A condition on any other one would never be met, or always. */
export function knownConditionKey(key: string): boolean {
  return known.has(key.toLowerCase());
}
