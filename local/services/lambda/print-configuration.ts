import type { Configuration, FunctionVersion } from './state.ts';

/** The configuration of a version as the API prints it; `qualified` puts the version into the ARN. */
export function printed({ configuration }: FunctionVersion, { qualified = false } = {}): Configuration {
  if (!qualified && configuration.Version === '$LATEST') return configuration;
  return { ...configuration, FunctionArn: `${configuration.FunctionArn}:${configuration.Version}` };
}

/** A time as configurations print it. `now` is in milliseconds since the epoch. */
export function printedTime(now: number): string {
  return new Date(now).toISOString().replace('Z', '+0000');
}
