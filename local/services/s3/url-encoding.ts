import { s3Error } from './errors.ts';

/** How keys are written in a listing: as they are, or encoded where the caller asked for `url`. */
export function urlEncoder(type: unknown): (text: string) => string {
  if (type === undefined) return (text) => text;
  if (type !== 'url') {
    throw s3Error(
      'InvalidArgument',
      { ArgumentName: 'encoding-type', ArgumentValue: type },
      'Invalid Encoding Method specified in Request',
    );
  }
  return urlEncoded;
}

/** A key as S3 encodes it in listings and notifications: slashes stay, a space is a plus. */
export function urlEncoded(key: string): string {
  const encoded = encodeURIComponent(key).replaceAll('%2F', '/').replaceAll('%20', '+');
  return encoded.replace(/[!'()]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`);
}
