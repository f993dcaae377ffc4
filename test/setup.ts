// It works from the folder that is the current one when it is loaded, and tests go to folders that they remove.
import 'esbuild';
import { afterAll } from 'vitest';
import { removeScratch } from './fixtures/engine/scratch.ts';

afterAll(removeScratch);
