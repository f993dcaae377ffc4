import { engine } from 'penstock:pipeline';
import type { MergePorts } from '../../lib/runtime/publish/merge-into-table.ts';
import { environment } from '../environment.ts';

/** What it takes to merge rows into tables; nothing where the pipeline does not. */
export const merging = (): MergePorts => (engine ? { engine, machine: environment.machine } : {});
