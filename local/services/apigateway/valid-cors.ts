import { badRequest } from './errors.ts';
import type { Cors } from './records.ts';

const members = ['AllowCredentials', 'AllowHeaders', 'AllowMethods', 'AllowOrigins', 'ExposeHeaders', 'MaxAge'];
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', '*'];
const mostSeconds = 86_400;

/** Returns the configuration, or throws BadRequestException. */
export function validCors(cors: any): Cors {
  for (const name of Object.keys(cors)) if (!members.includes(name)) throw badRequest(`Invalid CORS member ${name}`);
  const { AllowCredentials, AllowOrigins = [], AllowMethods = [], MaxAge } = cors;
  if (AllowCredentials && AllowOrigins.includes('*')) {
    throw badRequest('Invalid allow origin specified: credentials cannot be allowed to every origin "*"');
  }
  const origin = AllowOrigins.find((one: string) => one !== '*' && !/^[a-z][a-z0-9+.-]*:\/\/\S+$/i.test(one));
  if (origin !== undefined) throw badRequest(`Invalid format for origin ${origin}`);
  const method = AllowMethods.find((one: string) => !methods.includes(String(one).toUpperCase()));
  if (method !== undefined) throw badRequest(`Invalid HTTP method specified in AllowMethods: ${method}`);
  if (MaxAge !== undefined && !(Number.isInteger(MaxAge) && MaxAge >= -1 && MaxAge <= mostSeconds)) {
    throw badRequest(`MaxAge must be from -1 to ${mostSeconds} seconds, got ${MaxAge}`);
  }
  return cors;
}
