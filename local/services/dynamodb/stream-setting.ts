import type { Clock } from '../../../lib/core/clock.ts';
import { validation } from './failure.ts';

const viewTypes = ['NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES', 'KEYS_ONLY'];

/** A stream specification after its rules; undefined where there is none or it is off. */
export function checkedStream(given: any): { StreamEnabled: true; StreamViewType: string } | undefined {
  if (given == null) return undefined;
  if (given.StreamEnabled !== true) {
    if (given.StreamViewType != null)
      throw validation(
        'One or more parameter values were invalid: Table is being created with stream disabled, hence StreamViewType should not be specified',
      );
    return undefined;
  }
  if (!viewTypes.includes(given.StreamViewType)) {
    throw validation(
      given.StreamViewType == null
        ? 'One or more parameter values were invalid: StreamViewType must be specified when StreamEnabled is true'
        : `1 validation error detected: Value '${given.StreamViewType}' at 'streamSpecification.streamViewType' failed to satisfy constraint: ` +
            `Member must satisfy enum value set: [${viewTypes.join(', ')}]`,
    );
  }
  return { StreamEnabled: true, StreamViewType: given.StreamViewType };
}

/** A stream is named by the moment at which it was turned on. */
export function newStreamArn(tableArn: string, clock: Clock): { LatestStreamArn: string; LatestStreamLabel: string } {
  const label = new Date(clock.now()).toISOString().slice(0, -1);
  return { LatestStreamArn: `${tableArn}/stream/${label}`, LatestStreamLabel: label };
}
