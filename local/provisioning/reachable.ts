import type { Cloud } from '../service.ts';

/**
 * Text that a template puts together, with the addresses of APIs of this account and region as they are reached here.
 * Templates spell such addresses out, rather than asking the API for its own.
 */
export function reachable(text: string, { endpoint, region }: Pick<Cloud, 'endpoint' | 'region'>): string {
  return text.replace(apiAddress, (whole, scheme: string, apiId: string, where: string) => {
    if (where !== region) return whole;
    const base = `${endpoint}/_apis/${apiId}`;
    return scheme === 'wss' ? base.replace(/^http/, 'ws') : base;
  });
}

const apiAddress = /\b(https|wss):\/\/([a-z0-9]{10})\.execute-api\.([a-z0-9-]+)\.amazonaws\.com\b/g;
