// It works from the folder that is the current one when it is loaded, and tests go to folders that they remove.
import 'esbuild';
import { afterAll } from 'vitest';
import { keepDatabases } from './fixtures/engine/kept-databases.ts';
import { removeScratch } from './fixtures/engine/scratch.ts';

keepDatabases();
afterAll(removeScratch);
