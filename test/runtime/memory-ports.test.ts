import { arrivalsContract } from '../fixtures/ports/contracts/arrivals.ts';
import { backfillsContract } from '../fixtures/ports/contracts/backfills.ts';
import { leasesContract } from '../fixtures/ports/contracts/leases.ts';
import { objectStoreContract } from '../fixtures/ports/contracts/object-store.ts';
import { runStoreContract } from '../fixtures/ports/contracts/run-store.ts';
import { tableCatalogContract } from '../fixtures/ports/contracts/table-catalog.ts';
import { MemoryArrivals } from '../fixtures/ports/memory-arrivals.ts';
import { MemoryBackfills } from '../fixtures/ports/memory-backfills.ts';
import { MemoryLeases } from '../fixtures/ports/memory-leases.ts';
import { MemoryObjectStore } from '../fixtures/ports/memory-object-store.ts';
import { MemoryRunStore } from '../fixtures/ports/memory-run-store.ts';
import { MemoryTableCatalog } from '../fixtures/ports/memory-table-catalog.ts';
import { RecordingAudit } from '../fixtures/ports/recorders.ts';

// The other tests believe what these stand-ins do, so they are held to the same contracts as AWS.
const store = new MemoryObjectStore();
objectStoreContract('the memory store', () => ({ store, drop: async (key, body) => store.drop(key, body) }));

const runs = new MemoryRunStore();
runStoreContract('the memory store', () => runs);

const tables = new MemoryTableCatalog(runs);
tableCatalogContract('the memory store', () => ({ tables, runs }));

const leases = new MemoryLeases(runs);
leasesContract('the memory store', () => ({ leases, runs }));

const audit = new RecordingAudit();
const arrivals = new MemoryArrivals(audit);
arrivalsContract('the memory store', () => ({ arrivals, audit }));

const backfills = new MemoryBackfills();
backfillsContract('the memory store', () => backfills);
