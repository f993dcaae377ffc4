import { readFileSync, writeFileSync } from 'node:fs';
import { components } from '../../registry/components.ts';
import type { CommandFile } from '../command.ts';
import { CommandInputError } from '../errors.ts';
import { writingFile } from '../writing-file.ts';

/**
 * `penstock schema`: the JSON Schema of YAML pipelines, for editors. `--out` writes it into a file, `--check` compares it
 * with one and ends with 1 where that is stale. JSON: the schema; with `--out` `{ file }`, with `--check` `{ file, stale }`.
 */
export const schema: CommandFile = (program, act) => {
  program
    .command('schema')
    .description('show the JSON Schema of YAML pipelines, for editors')
    .option('--out <file>', 'write it into a file instead')
    .option('--check <file>', 'fail where the file holds another one')
    .action(
      act(async ({ printer }, { out, check }: { out?: string; check?: string }) => {
        const { pipelineJsonSchema } = await import('../../definition/yaml/json-schema.ts');
        const value = pipelineJsonSchema(components);
        const text = `${JSON.stringify(value, null, 1)}\n`;
        if (check !== undefined) {
          const stale = readingSchema(check) !== text;
          printer.data({ file: check, stale });
          printer.line(stale ? `${check} is stale: run penstock schema --out ${check}` : `${check} is as it should be`);
          return stale ? 1 : 0;
        }
        if (out !== undefined) {
          writingFile(out, () => writeFileSync(out, text));
          printer.data({ file: out });
          printer.line(`  ${out} is written`);
          return 0;
        }
        printer.data(value);
        printer.line(text.trimEnd());
        return 0;
      }),
    );
};

function readingSchema(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new CommandInputError({
      problem: `the file cannot be read: ${(cause as Error).message}`,
      received: file,
      allowed: 'a file that `penstock schema --out` wrote',
      change: 'name another file',
      cause,
    });
  }
}
