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
  'aws:SourceIp',
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
  'kms:CallerAccount',
  'kms:EncryptionContextKeys',
  'kms:ViaService',
  'lambda:FunctionArn',
  's3:delimiter',
  's3:max-keys',
  's3:prefix',
  'ses:FromAddress',
  'sts:ExternalId',
  'sts:RoleSessionName',
  'sts:SourceIdentity',
];

/**
 * Keys that no request here carries, as none on AWS would that comes from outside of a VPC, without or a second factor.
 */
const never = [
  'aws:CalledVia',
  'aws:MultiFactorAuthPresent',
  'aws:SourceVpc',
  'aws:SourceVpce',
  'aws:VpcSourceIp',
  'kms:GrantIsForAWSResource',
];

const known = new Set([...everywhere, ...ofServices, ...never].map((key) => key.toLowerCase()));

/** In front of the name of each entry of an encryption context. */
const encryptionContext = 'kms:encryptioncontext:';

/** Whether requests on this machine carry the key. A condition on any other one would never be met, or always. */
export function knownConditionKey(key: string): boolean {
  return known.has(key.toLowerCase()) || key.toLowerCase().startsWith(encryptionContext);
}
