import { createHash } from 'node:crypto';

/** What names of a resource type may look like. */
export interface NameLimits {
  /** Longest name in characters. */
  readonly maxLength: number;
  /** Bucket names are lower case. Default false. */
  readonly lowercase?: boolean;
  /** FIFO queues and topics end in `.fifo`. Default none. */
  readonly ending?: string;
}

/**
 * `<Stack>-<LogicalId>-<suffix>`, the form of CloudFormation's own names, but with a suffix that is the same whenever
 * the same stack is provisioned again. `generation` counts replacements: old and new resource exist side by side.
 */
export function physicalName(
  place: { stack: string; logicalId: string; generation: number },
  limits: NameLimits,
): string {
  const { stack, logicalId, generation } = place;
  const digest = createHash('sha256').update(`${stack}/${logicalId}/${generation}`).digest();
  const suffix = digest.toString('base64url').replace(/[-_]/g, '0').slice(0, 12).toUpperCase();
  const ending = `-${suffix}${limits.ending ?? ''}`;
  const room = limits.maxLength - ending.length;
  // Both parts give way in proportion: a name of one long stack must still tell its resources apart.
  const forId = Math.min(logicalId.length, Math.max(Math.ceil(room / 2), room - stack.length - 1));
  const head = `${stack.slice(0, room - forId - 1)}-${logicalId.slice(0, forId)}`;
  return limits.lowercase ? `${head}${ending}`.toLowerCase() : `${head}${ending}`;
}
