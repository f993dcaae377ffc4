import type { AwsError } from '../../aws-error.ts';
import { escapedXml } from '../../protocols/rest-xml/xml.ts';

/** Codes that other layers use, as S3 spells them. */
const ownCodes: Readonly<Record<string, string>> = {
  AccessDeniedException: 'AccessDenied',
  InternalFailure: 'InternalError',
};

/** The body of an error answer. */
export function errorXml(error: AwsError, resource: string, requestId: string): string {
  const members = {
    Code: ownCodes[error.code] ?? error.code,
    Message: error.message,
    ...error.details,
    Resource: resource,
    RequestId: requestId,
    HostId: 'local',
  };
  const elements = Object.entries(members).map(([name, value]) => `<${name}>${escapedXml(String(value))}</${name}>`);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${elements.join('')}</Error>`;
}
