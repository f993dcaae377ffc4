import { timingSafeEqual } from 'node:crypto';
import type { Cloud, Principal } from '../../service.ts';
import type { KnownCredentials } from '../credentials.ts';
import type { Authorization } from './authorization.ts';
import { canonicalRequestHash, type SignedRequest } from './canonical-request.ts';
import { refusal } from './refusals.ts';
import { SigningKeys } from './signing-keys.ts';

const minute = 60_000;
const longestPresigned = 7 * 24 * 3600;

/** Checks who made a request: that the key exists, the signature is its, the time is now and the region is here. */
export class SignatureVerifier {
  readonly #keys = new SigningKeys();
  readonly #cloud: Pick<Cloud, 'region' | 'clock'>;
  readonly #credentialsOf: (accessKeyId: string) => KnownCredentials | undefined;

  constructor(
    cloud: Pick<Cloud, 'region' | 'clock'>,
    credentialsOf: (accessKeyId: string) => KnownCredentials | undefined,
  ) {
    this.#cloud = cloud;
    this.#credentialsOf = credentialsOf;
  }

  /** The principal that signed. Throws the error with which the service refuses a signature. */
  verify(request: SignedRequest, authorization: Authorization): Principal {
    const { service, accessKeyId, signature, region, algorithm } = authorization;
    const known = this.#credentialsOf(accessKeyId);
    if (algorithm !== 'AWS4-HMAC-SHA256') throw refusal(service, 'incomplete', `${algorithm} is not supported`);
    if (!known) throw refusal(service, 'unknown key');
    if (known.sessionToken !== authorization.sessionToken) throw refusal(service, 'wrong token');
    // Keys were given until a time of the cloud, which a virtual clock may have left behind.
    if (known.expiresAt !== undefined && known.expiresAt <= this.#cloud.clock.now()) throw refusal(service, 'old key');
    checkTime(authorization);
    if (region !== this.#cloud.region)
      throw refusal(service, 'wrong region', `signed for ${region}, this is ${this.#cloud.region}`);
    const expected = this.#keys.sign(
      known.secretAccessKey,
      authorization,
      canonicalRequestHash(request, authorization),
    );
    if (!sameText(signature, expected)) throw refusal(service, 'wrong signature');
    return known.principal;
  }
}

/**
 * Signatures carry the time of the caller's machine, which is this one, and not that of a virtual clock: this is the one
 * place that asks the machine.
 */
function checkTime({ service, signedAt, date, expiresIn }: Authorization): void {
  const [, year, month, day, hours, minutes, seconds] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(signedAt) ?? [];
  const time = Date.parse(`${year}-${month}-${day}T${hours}:${minutes}:${seconds}Z`);
  const malformed = expiresIn === undefined ? 'incomplete' : 'incomplete query';
  if (Number.isNaN(time) || !signedAt.startsWith(date)) throw refusal(service, malformed, `the date is ${signedAt}`);
  const age = Date.now() - time;
  const tolerance = (service === 's3' ? 15 : 5) * minute;
  if (expiresIn === undefined) {
    if (Math.abs(age) > tolerance) throw refusal(service, 'skewed', `signed at ${signedAt}`);
    return;
  }
  if (!(expiresIn >= 1 && expiresIn <= longestPresigned))
    throw refusal(service, malformed, `expires in ${expiresIn} s, not in 1 to ${longestPresigned}`);
  if (-age > tolerance) throw refusal(service, 'skewed', `signed at ${signedAt}`);
  if (age > expiresIn * 1000) throw refusal(service, 'expired');
}

function sameText(given: string, expected: string): boolean {
  // A text of as many characters may be longer in bytes.
  const [bytes, wanted] = [Buffer.from(given), Buffer.from(expected)];
  return bytes.length === wanted.length && timingSafeEqual(bytes, wanted);
}
