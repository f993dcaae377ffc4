import { pathToFileURL } from 'node:url';
import type { LayerVersion } from './state.ts';

/** A layer version as PublishLayerVersion and GetLayerVersion print it. */
export function printedLayerVersion(version: LayerVersion) {
  return {
    Content: {
      Location: pathToFileURL(version.folder).href,
      CodeSha256: version.codeSha256,
      CodeSize: version.codeSize,
    },
    LayerArn: version.arn.slice(0, version.arn.lastIndexOf(':')),
    ...listedLayerVersion(version),
  };
}

/** A layer version as lists print it. */
export function listedLayerVersion(version: LayerVersion) {
  return {
    LayerVersionArn: version.arn,
    Version: version.version,
    Description: version.description,
    CreatedDate: version.createdDate,
    CompatibleRuntimes: version.compatibleRuntimes,
    CompatibleArchitectures: version.compatibleArchitectures,
    LicenseInfo: version.licenseInfo,
  };
}
