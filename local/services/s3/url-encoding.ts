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
  // S3 keeps slashes and writes a space as a plus.
  return (text) =>
    encodeURIComponent(text)
      .replaceAll('%2F', '/')
      .replaceAll('%20', '+')
      .replace(/[!'()]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`);
}
