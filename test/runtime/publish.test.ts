import { beforeEach, describe, expect, test, vi } from 'vitest';
import { compensate } from '../../lib/runtime/compensate.ts';
import { initialize } from '../../lib/runtime/initialize.ts';
import type { StageInput } from '../../lib/runtime/messages.ts';
import type { TableCatalog } from '../../lib/runtime/ports/table-catalog.ts';
import { commit } from '../../lib/runtime/publish/commit.ts';
import { publish } from '../../lib/runtime/publish/publish.ts';
import { readTable } from '../../lib/runtime/publish/read-table.ts';
import { ordersPipeline as pipeline } from '../fixtures/orders-plan.ts';
import { type MemoryPorts, memoryPorts } from '../fixtures/ports/memory-ports.ts';
import { manual, runToEnd, runToGate, stageInput, tableRows } from '../fixtures/run-machine.ts';

let ports: MemoryPorts;
beforeEach(() => {
  ports = memoryPorts();
  ports.objects.drop('reference/cities.csv', 'Rome,1');
});

const failed = (input: StageInput, name = 'LedgerImbalanceError', Cause?: string) => ({
  ...input,
  error: { Error: name, Cause },
  state: 'Commit',
});

/** A run that has come to the point before Commit, over a file of its own. */
async function prepared(name: string, text: string): Promise<StageInput> {
  ports.objects.drop(`landing/orders/${name}.csv`, text);
  const input = stageInput(pipeline, manual(name));
  await runToGate(ports, pipeline, input);
  await publish(ports, pipeline, input);
  return input;
}

async function published(table: string) {
  return readTable(ports.objects, (await ports.tables.pointer(table)).metadata!);
}

/** A catalog that does something else first, once, when a table is committed. */
function catalogAfter(table: string, before: () => Promise<unknown>): MemoryPorts['tables'] {
  let done = false;
  const tables: TableCatalog = {
    pointer: (name) => ports.tables.pointer(name),
    version: (name) => ports.tables.version(name),
    commitOf: (name, run) => ports.tables.commitOf(name, run),
    begun: (name, run) => ports.tables.begun(name, run),
    tables: () => ports.tables.tables(),
    compact: (next) => ports.tables.compact(next),
    async commit(next) {
      if (next.table === table && !done) {
        done = true;
        await before();
      }
      return ports.tables.commit(next);
    },
  };
  return tables as MemoryPorts['tables'];
}

describe('publishing', () => {
  test('shows nothing before the commit', async () => {
    await prepared('a', 'Rome,1');
    expect(await tableRows(ports, 'orders')).toEqual([]);
    expect(await ports.tables.tables()).toEqual([]);
  });

  test('lists earlier files and new ones where a table is appended to, and new ones alone where it is replaced', async () => {
    await commit(ports, pipeline, await prepared('a', 'Rome,1'));
    const second = await prepared('b', 'Oslo,2');
    await commit(ports, pipeline, second);
    const orders = await published('orders');
    expect(orders.columns).toEqual([
      { name: 'city', type: 'VARCHAR', nullable: false },
      { name: 'amount', type: 'BIGINT', nullable: false },
    ]);
    expect(orders.files.map(({ rows, key }) => [rows, key.includes(second.run)])).toEqual([
      [1, false],
      [1, true],
    ]);
    expect((await published('totals')).files).toHaveLength(1);
    expect(await ports.tables.pointer('orders')).toMatchObject({ rows: 2, files: 2, version: 2, run: second.run });
  });

  test('of a run that was not assessed is refused', async () => {
    const input = stageInput(pipeline, manual());
    await initialize(ports, pipeline, input);
    await expect(publish(ports, pipeline, input)).rejects.toMatchObject({
      name: 'RunStateError',
      received: 'the run was not assessed',
    });
  });

  test.each(['review', 'fail'] as const)('of a run whose gate says "%s" is refused', async (gate) => {
    ports.objects.drop('landing/orders/a.csv', 'Rome,1');
    const input = stageInput(pipeline, manual());
    await runToGate(ports, pipeline, input);
    const assessed = { gate, score: 0.6, report: 'r' };
    await ports.runs.change({
      run: input.run,
      from: [{ state: 'Running' }],
      to: { state: 'Running', phase: 'Assessing' },
      at: 1,
      facts: { assess: assessed },
    });
    await expect(publish(ports, pipeline, input)).rejects.toMatchObject({ name: 'RunStateError' });
  });

  test('repeated gives the same', async () => {
    const input = await prepared('a', 'Rome,1');
    const keys = ports.objects.keys('curated/');
    await publish(ports, pipeline, input);
    expect(ports.objects.keys('curated/')).toEqual(keys);
  });
});

describe('a commit', () => {
  test('that lost a race is rebuilt on the version that won', async () => {
    const first = await prepared('a', 'Rome,1');
    // The second run is prepared while the first has not claimed its file, so it must not read it.
    await ports.objects.remove(['landing/orders/a.csv']);
    const second = await prepared('b', 'Oslo,2');
    await commit({ ...ports, tables: catalogAfter('orders', () => commit(ports, pipeline, second)) }, pipeline, first);
    expect(await tableRows(ports, 'orders')).toEqual(['Oslo,2', 'Rome,1']);
    expect(await ports.tables.pointer('orders')).toMatchObject({ version: 2, run: first.run });
    expect((await ports.runs.find(first.run))?.publish?.tables['table.orders']?.metadata).toContain('/00000002-');
  });

  test('of a run that another function commits at the same time does not add its rows to themselves', async () => {
    const first = await prepared('a', 'Rome,1');
    await ports.objects.remove(['landing/orders/a.csv']);
    await commit(ports, pipeline, await prepared('b', 'Oslo,2'));
    const asked: string[] = [];
    let other: Promise<unknown> | undefined;
    const tables = {
      ...catalogAfter('', async () => {}),
      async pointer(name: string) {
        other ??= commit(ports, pipeline, first);
        await other;
        return ports.tables.pointer(name);
      },
      // Whether it was done is written down a moment later.
      async commit({ table }: { readonly table: string }) {
        asked.push(table);
        return 'committed';
      },
    } as unknown as MemoryPorts['tables'];
    await commit({ ...ports, tables }, pipeline, first);
    expect(asked).toEqual([]);
    expect(await tableRows(ports, 'orders')).toEqual(['Oslo,2', 'Rome,1']);
  });

  test('that loses every race gives up for now', async () => {
    const input = await prepared('a', 'Rome,1');
    const tables = {
      ...catalogAfter('', async () => {}),
      commit: async () => 'conflict',
    } as unknown as MemoryPorts['tables'];
    await expect(commit({ ...ports, tables }, pipeline, input)).rejects.toMatchObject({
      name: 'CommitConflictError',
      disposition: 'retryable',
    });
    await commit(ports, pipeline, input);
    expect(await tableRows(ports, 'orders')).toEqual(['Rome,1']);
  });

  describe('at a table where other runs publish', () => {
    const turn = 'table/orders';
    const holders = async () => Object.keys((await ports.leases.find(turn)).holders);
    let first: StageInput;
    let second: StageInput;

    /** Prepared while none of the others has claimed its file, so none must read it. */
    async function preparedApart(name: string, row: string): Promise<StageInput> {
      const input = await prepared(name, row);
      await ports.objects.remove([`landing/orders/${name}.csv`]);
      return input;
    }

    beforeEach(async () => {
      first = await preparedApart('a', 'Rome,1');
      second = await preparedApart('b', 'Oslo,2');
      await ports.leases.take(turn, first.run, 1);
      await commit(ports, pipeline, await prepared('c', 'Bern,3'));
    });

    test('waits for its turn, and then comes back later without losing an attempt', async () => {
      const before = await ports.runs.find(second.run);
      const read = vi.spyOn(ports.tables, 'pointer');
      await expect(commit(ports, pipeline, second)).rejects.toMatchObject({
        name: 'TableBusyError',
        retryAfterSeconds: expect.any(Number),
      });
      // Hundreds of runs wait so: neither their records nor what a table holds have to do with it.
      expect(await ports.runs.find(second.run)).toEqual(before);
      expect(read).not.toHaveBeenCalled();
      expect(await holders()).toEqual([first.run]);
      for (const input of [first, second]) await commit(ports, pipeline, input);
      expect(await tableRows(ports, 'orders')).toEqual(['Bern,3', 'Oslo,2', 'Rome,1']);
      expect(await holders()).toEqual([]);
    });

    test('goes on from what was written before it without reading it back', async () => {
      await commit(ports, pipeline, first);
      const read = [vi.spyOn(ports.objects, 'readText'), vi.spyOn(ports.objects, 'readBytes')];
      await commit(ports, pipeline, second);
      const keys = read.flatMap(({ mock }) => mock.calls.map(([key]) => key));
      expect(keys.filter((key) => key.includes('/metadata/'))).toEqual([]);
      expect(await tableRows(ports, 'orders')).toEqual(['Bern,3', 'Oslo,2', 'Rome,1']);
    });

    test('takes the turn from a run that has ended', async () => {
      await compensate(ports, pipeline, failed(first, 'ServiceUnavailableError'));
      expect(await holders()).toEqual([]);
      await ports.leases.take(turn, first.run, 1);
      await commit(ports, pipeline, second);
      expect(await tableRows(ports, 'orders')).toEqual(['Bern,3', 'Oslo,2']);
    });

    test('gives back the turn of an attempt that died behind the step', async () => {
      vi.spyOn(ports.leases, 'release').mockRejectedValueOnce(new Error('killed'));
      await expect(commit(ports, pipeline, first)).rejects.toThrow('killed');
      expect(await holders()).toEqual([first.run]);
      await commit(ports, pipeline, first);
      expect(await holders()).toEqual([]);
    });
  });

  test('done again changes nothing', async () => {
    const input = await prepared('a', 'Rome,1');
    const first = await commit(ports, pipeline, input);
    expect(await commit(ports, pipeline, input)).toEqual(first);
    expect((await ports.tables.pointer('orders')).version).toBe(1);
  });

  test('of a second run over the same file is refused before any table moves', async () => {
    const first = await prepared('a', 'Rome,1');
    const second = stageInput(pipeline, manual('at the same time'));
    await runToGate(ports, pipeline, second);
    await publish(ports, pipeline, second);
    await commit(ports, pipeline, first);
    await expect(commit(ports, pipeline, second)).rejects.toMatchObject({
      name: 'InputConsumedError',
      change: expect.stringMatching(/run retry.*policy: "queue"/),
    });
    await compensate(ports, pipeline, failed(second, 'InputConsumedError'));
    expect(await tableRows(ports, 'orders')).toEqual(['Rome,1']);
    expect(await ports.runs.find(second.run)).toMatchObject({ state: 'Failed', failure: { disposition: 'terminal' } });
  });

  test('before Publish is refused', async () => {
    const input = stageInput(pipeline, manual());
    await initialize(ports, pipeline, input);
    await expect(commit(ports, pipeline, input)).rejects.toMatchObject({ name: 'RunStateError' });
  });

  test('of an unknown run is refused', async () => {
    await expect(commit(ports, pipeline, { ...stageInput(pipeline, manual()), run: 'never' })).rejects.toMatchObject({
      name: 'RunMissingError',
    });
  });
});

describe('compensation', () => {
  test('removes what the run wrote and keeps its rejects, its reports and everything of others', async () => {
    await commit(ports, pipeline, await prepared('z', 'Pisa,9'));
    const input = await prepared('a', 'Rome,1\nbad');
    await compensate(ports, pipeline, failed(input));
    const left = ports.objects.keys().filter((key) => key.includes(input.run));
    expect(left.filter((key) => key.startsWith('curated/') && key.includes('/data/'))).toEqual([]);
    expect(left).toEqual(
      expect.arrayContaining([
        `rejects/orders/run=${input.run}/process-000000.parquet`,
        `reports/orders/${input.run}.json`,
      ]),
    );
    expect(await tableRows(ports, 'orders')).toEqual(['Pisa,9']);
    expect(ports.objects.text('landing/orders/a.csv')).toBe('Rome,1\nbad');
  });

  test('says what failed, where, and whether it is worth trying again', async () => {
    const input = await prepared('a', 'Rome,1');
    const cause = JSON.stringify({
      errorType: 'InputMissingError',
      errorMessage: 'gone; bring it back',
      code: 'INPUT_MISSING',
    });
    await compensate(ports, pipeline, failed(input, 'InputMissingError', cause));
    expect((await ports.runs.find(input.run))?.failure).toEqual({
      error: 'InputMissingError',
      code: 'INPUT_MISSING',
      message: 'gone; bring it back',
      state: 'Commit',
      disposition: 'terminal',
      kind: 'not-found',
    });
  });

  test.each([
    ['States.Timeout', undefined, 'retryable', 'States.Timeout'],
    ['ServiceUnavailableError', '', 'retryable', 'ServiceUnavailableError'],
    ['Lambda.TooManyRequestsException', 'Rate exceeded', 'retryable', 'Rate exceeded'],
    [
      'TypeError',
      '{"errorType":"TypeError","errorMessage":"unexpected TypeError"}',
      'terminal',
      'unexpected TypeError',
    ],
    ['ReviewExpiredError', 'nobody decided', 'terminal', 'nobody decided'],
  ])('classifies %s', async (error, cause, disposition, message) => {
    const input = await prepared('a', 'Rome,1');
    const { failure } = await compensate(ports, pipeline, failed(input, error, cause));
    expect(failure).toMatchObject({ error, disposition, message });
  });

  test('shuts the door: a commit that comes later is refused', async () => {
    const input = await prepared('a', 'Rome,1');
    await compensate(ports, pipeline, failed(input));
    await expect(commit(ports, pipeline, input)).rejects.toMatchObject({ name: 'RunStateError' });
    expect(await ports.tables.tables()).toEqual([]);
  });

  test('that comes in the middle of a commit wins while no table has moved', async () => {
    const input = await prepared('a', 'Rome,1');
    const tables = catalogAfter('orders', () => compensate(ports, pipeline, failed(input)));
    await expect(commit({ ...ports, tables }, pipeline, input)).rejects.toMatchObject({ name: 'RunStateError' });
    expect(await ports.runs.find(input.run)).toMatchObject({ state: 'Failed' });
    expect(await ports.tables.tables()).toEqual([]);
    expect(ports.objects.keys('curated/').filter((key) => key.includes('/data/'))).toEqual([]);
  });

  test('after a table has moved completes the run instead of undoing it', async () => {
    const input = await prepared('a', 'Rome,1');
    const tables = catalogAfter('totals', async () => {
      throw new Error('killed between two tables');
    });
    await expect(commit({ ...ports, tables }, pipeline, input)).rejects.toThrow('killed');
    expect(await compensate(ports, pipeline, failed(input))).toMatchObject({ state: 'Completed' });
    expect(await tableRows(ports, 'orders')).toEqual(['Rome,1']);
    expect(await tableRows(ports, 'totals')).toEqual(['Rome,1']);
    expect(await ports.runs.find(input.run)).toMatchObject({
      state: 'Completed',
      failure: { error: 'LedgerImbalanceError' },
    });
  });

  test('that comes in the middle of a commit after a table has moved completes the run', async () => {
    const input = await prepared('a', 'Rome,1');
    const tables = catalogAfter('totals', () => compensate(ports, pipeline, failed(input)));
    await commit({ ...ports, tables }, pipeline, input);
    expect(await tableRows(ports, 'totals')).toEqual(['Rome,1']);
    expect((await ports.tables.pointer('totals')).version).toBe(1);
  });

  test('never touches a run that is completed', async () => {
    ports.objects.drop('landing/orders/a.csv', 'Rome,1');
    const input = stageInput(pipeline, manual());
    await runToEnd(ports, pipeline, input);
    const keys = ports.objects.keys();
    expect(await compensate(ports, pipeline, failed(input))).toMatchObject({ state: 'Completed' });
    expect(ports.objects.keys()).toEqual(keys);
    expect(await ports.runs.find(input.run)).toMatchObject({ state: 'Completed' });
  });

  test('frees the files of the run for the next one', async () => {
    const input = await prepared('a', 'Rome,1');
    const tables = catalogAfter('orders', async () => {
      throw new Error('killed after the claim');
    });
    await expect(commit({ ...ports, tables }, pipeline, input)).rejects.toThrow('killed');
    await compensate(ports, pipeline, failed(input));
    await runToEnd(ports, pipeline, stageInput(pipeline, manual('next')));
    expect(await tableRows(ports, 'orders')).toEqual(['Rome,1']);
  });

  test('in the middle of a claim leaves no file claimed by a dead run', async () => {
    const input = await prepared('a', 'Rome,1');
    const runs = Object.create(ports.runs, {
      claim: {
        async value(...claim: Parameters<MemoryPorts['runs']['claim']>) {
          await compensate(ports, pipeline, failed(input));
          return ports.runs.claim(...claim);
        },
      },
      find: { value: (run: string) => ports.runs.find(run) },
      change: { value: (change: Parameters<MemoryPorts['runs']['change']>[0]) => ports.runs.change(change) },
    });
    await expect(commit({ ...ports, runs }, pipeline, input)).rejects.toMatchObject({ name: 'RunStateError' });
    await runToEnd(ports, pipeline, stageInput(pipeline, manual('next')));
    expect(await tableRows(ports, 'orders')).toEqual(['Rome,1']);
  });

  test('of a run that never got a record has nothing to do', async () => {
    const input = stageInput(pipeline, manual());
    expect(await compensate(ports, pipeline, failed(input, 'RunExistsError'))).toMatchObject({ state: 'Failed' });
  });
});
