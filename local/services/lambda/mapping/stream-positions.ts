import type { Cloud } from '../../../service.ts';
import type { Collection } from '../../../store.ts';

/** How far a mapping has read its stream. */
export interface StreamPosition {
  /** The last sequence number that is done with. Absent until there is one. */
  readonly sequence?: string;
  /** When the mapping began, in milliseconds since the epoch. */
  readonly since: number;
}

/** Positions by the UUID of the mapping; they outlive a restart. */
export function streamPositions(cloud: Cloud): Collection<StreamPosition> {
  return cloud.store.collection('lambda.stream-positions');
}
