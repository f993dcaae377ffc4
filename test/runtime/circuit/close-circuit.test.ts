import { expect, test } from 'vitest';
import { circuitPolicy } from '../../../lib/core/circuit-policy.ts';
import { afterFailure } from '../../../lib/runtime/circuit/next-circuit.ts';
import { closeCircuit } from '../../../lib/runtime/operate/close-circuit.ts';
import type { Circuit } from '../../../lib/runtime/ports/circuits.ts';
import { MemoryCircuits } from '../../fixtures/ports/memory-circuits.ts';
import { memoryPorts } from '../../fixtures/ports/memory-ports.ts';

const open: Circuit = {
  system: 'lake',
  state: 'open',
  version: 1,
  failures: 5,
  since: 1,
  retryAt: 30_001,
  delay: 30_000,
  pipeline: 'orders',
  at: 1,
};

async function world() {
  const circuits = new MemoryCircuits();
  await circuits.change(open);
  return { ...memoryPorts(), circuits };
}

test('a circuit is closed by a person, and the audit says who', async () => {
  const ports = await world();
  await closeCircuit(ports, { system: 'lake', by: 'Ada' });
  expect(await ports.circuits.find('lake')).toMatchObject({ state: 'closed', failures: 0, by: 'Ada', version: 2 });
  expect(ports.circuits.audited).toMatchObject([
    { action: 'close-circuit', by: 'Ada', pipeline: 'orders', detail: { system: 'lake', was: 'open' } },
  ]);
});

test('what a person has closed opens as if it never had been, not for twice as long as the last time', async () => {
  const ports = await world();
  await closeCircuit(ports, { system: 'lake', by: 'Ada' });
  let circuit = await ports.circuits.find('lake');
  const change = { system: 'lake', pipeline: 'orders', at: 2 };
  for (let n = 0; n < circuitPolicy.failures; n++) circuit = afterFailure(circuit, { error: 'X' }, change);
  expect(circuit).toMatchObject({ state: 'open', delay: circuitPolicy.firstDelay });
});

test('a worker that makes its probe at the same time is taken into account', async () => {
  const ports = await world();
  const { change } = ports.circuits;
  ports.circuits.change = async (next) => {
    ports.circuits.change = change;
    await change.call(ports.circuits, { ...open, state: 'half-open', version: 2 });
    return change.call(ports.circuits, next);
  };
  await closeCircuit(ports, { system: 'lake', by: 'Ada' });
  expect(await ports.circuits.find('lake')).toMatchObject({ state: 'closed', version: 3 });
});

test.each(['lake', 'catalog'])('one that is closed is refused, and nothing is changed: %s', async (system) => {
  const ports = await world();
  await closeCircuit(ports, { system: 'lake', by: 'Ada' });
  const before = await ports.circuits.list();
  await expect(closeCircuit(ports, { system, by: 'Bob' })).rejects.toMatchObject({
    name: 'CircuitStateError',
    problem: `the circuit of the system "${system}" is closed already`,
    received: 'closed',
    allowed: 'open, half-open',
    change: 'nothing was changed',
  });
  expect(await ports.circuits.list()).toEqual(before);
  expect(ports.circuits.audited).toHaveLength(1);
});
