import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { runUpdate } from '../../lib/aws/dynamodb-run-update.ts';
import type { RunChange } from '../../lib/runtime/ports/run-store.ts';
import { guards } from './guards.ts';

const folder = resolve(import.meta.dirname, '../../lib/aws');

/** What takes each condition of each file away: a guard, in the order of the file, or why there is none. */
const takenAwayBy: Readonly<Record<string, readonly string[]>> = {
  'dynamodb-arrivals.ts': [
    'what becomes of a file is decided once',
    'a file joins a batch that is open',
    'a file joins a batch that is open',
    'no guard: of other content nothing was dropped: test/runtime/arrivals/drop-arrival.test.ts',
    'what becomes of a file is decided once',
    'what becomes of a file is decided once',
    'a file joins a batch that is open',
    'a file joins a batch that is open',
  ],
  'dynamodb-audit.ts': ['an entry of the audit has a name of its own, and is never written over'],
  'dynamodb-backfills.ts': ['backfills of a pipeline are opened one after the other', 'a backfill ends once'],
  'dynamodb-circuits.ts': [
    'a circuit changes from the state that was read',
    'a circuit changes from the state that was read',
  ],
  'dynamodb-claims.ts': ['a file is claimed by one run'],
  'dynamodb-commits.ts': ['a run publishes a table once'],
  'dynamodb-completing.ts': ['only a run that may publish claims and commits'],
  'dynamodb-error-log.ts': ['a failure is counted once', 'a pattern of failures is as wide as they are'],
  'dynamodb-leases.ts': [
    'no guard: who waits says each time since when',
    'no guard: who is not in line has no place to give up',
    'no guard: who has nothing gives nothing back',
    'a lease expires for the taking that was looked at',
    'a lease is taken while there is one',
    'a lease is taken while there is one',
  ],
  'dynamodb-outbox.ts': ['what a run tells is told once'],
  'dynamodb-pipeline-store.ts': [
    'a pipeline changes its state only from the states that it may',
    'a trigger waits only while its pipeline is paused',
    'times of a schedule are looked at once',
    'times of a schedule are looked at once',
  ],
  'dynamodb-run-store.ts': [
    'a run is made once',
    'the ledger entry of a chunk is written once',
    'no guard: what is not there needs no count of none',
    'one person looks after a run',
    'one execution tells people of an incident',
    'a run gives back only the files that it has claimed itself',
  ],
  'dynamodb-run-state.ts': ['only a run that begins or goes on takes leases'],
  'dynamodb-run-update.ts': ['a run changes its state only from the states that it may'],
  'dynamodb-table-catalog.ts': ['a run publishes a table once', 'an export moves on from the version that was read'],
  'glue-table-catalog.ts': ['a table moves on from the version that was read'],
  's3-create-from-file.ts': ['not in histories, whose files are small: test/aws/s3-conflicts.test.ts'],
  's3-create-object.ts': ['an object is written once'],
};

const conditions = /\bConditionExpression(?:,|: (?!string))|\bIfNoneMatch: |\bVersionId: before/g;

test('each condition that the product asks services to keep is taken away by a guard, or it is said why by none', () => {
  const found = readdirSync(folder).flatMap((file) => {
    const { length } = readFileSync(join(folder, file), 'utf8').match(conditions) ?? [];
    return length ? [[file, length]] : [];
  });
  const known = Object.entries(takenAwayBy).map(([file, { length }]) => [file, length]);
  expect(Object.fromEntries(found)).toEqual(Object.fromEntries(known));
});

test('guards that are said to take conditions away are there', () => {
  const names = new Set(guards.map(({ name }) => name));
  const said = Object.values(takenAwayBy).flat();
  expect(
    said.filter((name) => !names.has(name) && !/^(not in histories|no guard): |^not in histories,/.test(name)),
  ).toEqual([]);
});

const changes: Readonly<Record<string, Pick<RunChange, 'from' | 'to' | 'facts'>>> = {
  'a run changes its state only from the states that it may': {
    from: [{ state: 'Running' }],
    to: { state: 'Cancelled' },
  },
  'a review is decided once': {
    from: [{ state: 'AwaitingReview', phase: 'Undecided' }],
    to: { state: 'AwaitingReview', phase: 'Decided' },
  },
  'news of an attempt before a redrive is old': {
    from: [{ state: 'Failed', phase: 'Kept' }],
    to: { state: 'Running', phase: 'Retrying' },
    facts: { redrives: 1 },
  },
};

test.each(Object.entries(changes))(
  '%s: is taken away of changes that are noted in the audit, too',
  async (name, change) => {
    const { takenAway } = guards.find((guard) => guard.name === name)!;
    const made = () => runUpdate({ run: 'r', at: 0, ...change });
    const [alone, noted] = [made(), made()];
    const guarded = takenAway();
    const call = (operation: string, input: unknown) =>
      guarded({ service: 'dynamodb', operation, input } as never, async () => {});
    await call('UpdateItem', alone);
    await call('TransactWriteItems', {
      TransactItems: [{ Update: noted }, { Put: { Item: { pk: { S: 'AUDIT#p' } } } }],
    });
    expect(alone).not.toEqual(made());
    expect(noted).toEqual(alone);
  },
);
