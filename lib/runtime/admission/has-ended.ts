import type { Ports } from '../ports/ports.ts';

/** Whether a run is over. One that is not known (any longer) is. */
export async function hasEnded({ runs }: Pick<Ports, 'runs'>, run: string): Promise<boolean> {
  const record = await runs.find(run);
  return !record || record.state === 'Completed' || record.state === 'Failed' || record.state === 'Cancelled';
}
