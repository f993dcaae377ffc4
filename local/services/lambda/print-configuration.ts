import type { Configuration, FunctionVersion } from './state.ts';

/** The configuration of a version as the API prints it; `qualified` puts the version into the ARN. */
export function printed({ configuration }: FunctionVersion, { qualified = false } = {}): Configuration {
  if (!qualified && configuration.Version === '$LATEST') return configuration;
  return { ...configuration, FunctionArn: `${configuration.FunctionArn}:${configuration.Version}` };
}
