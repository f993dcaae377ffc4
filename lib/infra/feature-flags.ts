import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from './package-root.ts';

/**
 * The context of our `cdk.json`: every feature flag that the CDK recommends. The CDK's command line applies it by
 * itself; whoever makes an `App` in-process gives it as `context`, so that both give the same template.
 * @example new App({ context: featureFlags() })
 */
export function featureFlags(): Record<string, unknown> {
  return JSON.parse(readFileSync(join(packageRoot, 'cdk.json'), 'utf8')).context;
}
