import { afterAll, beforeAll, expect, test } from 'vitest';
import { guardClient } from '../../lib/aws/guard-client.ts';
import { S3ObjectStore } from '../../lib/aws/s3-object-store.ts';
import { Breaker } from '../../lib/runtime/circuit/breaker.ts';
import { MemoryCircuits } from '../fixtures/ports/memory-circuits.ts';
import { RecordingLogger, RecordingMeter } from '../fixtures/ports/recorders.ts';
import { faultCloud } from '../local/faults/fault-cloud.ts';

let world: Awaited<ReturnType<typeof faultCloud>>;
beforeAll(async () => {
  world = await faultCloud();
  await world.call('s3', 'CreateBucket', { Bucket: 'lake' });
});
afterAll(() => world.close());

test('a client leaves a system alone that goes on failing, and calls it again once one call got through', async () => {
  const { clock, s3, faults } = world;
  const circuits = new MemoryCircuits();
  const ports = { circuits, clock, logger: new RecordingLogger(), meter: new RecordingMeter(), pipeline: 'orders' };
  const client = guardClient(s3, 'lake', new Breaker(ports));
  const objects = new S3ObjectStore({ client, bucket: 'lake', clock });
  const attempt = () => objects.readText('a').then(String, ({ name }: Error) => name);

  expect(await attempt()).toBe('undefined');
  expect(circuits.changes).toEqual([]);

  const mend = faults.add({
    match: { service: 's3', operation: 'GetObject' },
    action: { type: 'fail', when: 'before' },
  });
  for (let n = 0; n < 5; n++) expect(await attempt()).toBe('ServiceUnavailableError');
  expect(faults.log).toHaveLength(5);
  for (let n = 0; n < 5; n++) expect(await attempt()).toBe('CircuitOpenError');
  expect(faults.log).toHaveLength(5);

  mend();
  await clock.advance(30_000);
  expect(await attempt()).toBe('undefined');
  expect((await circuits.find('lake'))?.state).toBe('closed');
});
