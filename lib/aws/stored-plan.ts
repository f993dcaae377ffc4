import { planKey } from '../runtime/keys.ts';
import type { StartRequest } from '../runtime/operate/start-run.ts';
import type { ObjectStore } from '../runtime/ports/object-store.ts';

/** A plan that some run of the pipeline has had; undefined where none has. */
export async function storedPlan(
  objects: Pick<ObjectStore, 'readText'>,
  { pipeline, planDigest }: { readonly pipeline: string; readonly planDigest: string },
): Promise<StartRequest['plan'] | undefined> {
  const text = await objects.readText(planKey(pipeline, planDigest));
  return text === undefined ? undefined : (JSON.parse(text) as StartRequest['plan']);
}
