import { NotSupportedError } from '../../aws-error.ts';
import { badRequest } from './errors.ts';
import type { Integration } from './records.ts';
import { subtypes } from './subtypes.ts';

const requestKey = /^((append|overwrite|remove):(header|querystring)\.[\w.-]+|overwrite:path)$/;
const responseKey = /^((append|overwrite|remove):header\.[\w.-]+|overwrite:statuscode)$/;

/** Throws for parameters of an HTTP API's integration that name nothing that can be set. */
export function checkParameters({
  IntegrationSubtype,
  RequestParameters = {},
  ResponseParameters = {},
}: Integration): void {
  if (IntegrationSubtype === undefined) checkKeys(Object.keys(RequestParameters), requestKey, 'request');
  else checkSubtype(IntegrationSubtype, Object.keys(RequestParameters));
  for (const [status, parameters] of Object.entries(ResponseParameters)) {
    if (!/^[2-5]\d\d$/.test(status))
      throw badRequest(`Response parameters are by status code from 200 to 599, got ${status}`);
    checkKeys(Object.keys(parameters), responseKey, 'response');
  }
}

function checkKeys(keys: readonly string[], legal: RegExp, what: string): void {
  const wrong = keys.find((key) => !legal.test(key));
  if (wrong !== undefined) throw badRequest(`Invalid mapping expression specified for the ${what}: ${wrong}`);
}

function checkSubtype(name: string, given: readonly string[]): void {
  const subtype = subtypes[name];
  if (!subtype) throw new NotSupportedError(`the integration subtype ${name} of API Gateway`);
  const { required, optional } = subtype;
  const missing = required.find((parameter) => !given.includes(parameter));
  if (missing !== undefined) throw badRequest(`Parameter: ${missing} is required for subtype ${name}`);
  if (given.includes('Region')) throw new NotSupportedError(`the parameter Region of the integration subtype ${name}`);
  const unknown = given.find((parameter) => !required.includes(parameter) && !optional.includes(parameter));
  if (unknown !== undefined) throw badRequest(`Parameter: ${unknown} does not exist for subtype ${name}`);
}
