import { Architecture, Code, LayerVersion, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { duckdbFolder } from './bundle/duckdb-folder.ts';

/** The engine's native package, once for all functions of a stack that query. */
export function duckdbLayer(scope: Construct, id: string): LayerVersion {
  const { folder, version, platform } = duckdbFolder();
  return new LayerVersion(scope, id, {
    description: `DuckDB ${version} for ${platform}`,
    // Named by what it is: to read 70 MB at each synthesis would cost more than all the rest.
    code: Code.fromAsset(folder, { assetHash: `duckdb-${version}-${platform}` }),
    compatibleRuntimes: [Runtime.NODEJS_24_X],
    compatibleArchitectures: [Architecture.X86_64],
  });
}
