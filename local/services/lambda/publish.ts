import { randomUUID } from 'node:crypto';
import type { LambdaCore } from './core.ts';
import type { FunctionVersion } from './state.ts';

/** Publishes `$LATEST` as a version; where nothing has changed since the last one, that one is the answer. */
export function publish(core: LambdaCore, name: string, description?: string): FunctionVersion {
  const record = core.state.functions.get(name)!;
  const last = record.published.at(-1);
  if (last && unchanged(last, record.latest)) return last;
  const version: FunctionVersion = {
    ...record.latest,
    configuration: {
      ...record.latest.configuration,
      Version: String(record.nextVersion),
      RevisionId: randomUUID(),
      ...(description !== undefined && { Description: description }),
    },
  };
  core.state.functions.set(name, {
    ...record,
    published: [...record.published, version],
    nextVersion: record.nextVersion + 1,
  });
  return version;
}

function unchanged(published: FunctionVersion, latest: FunctionVersion): boolean {
  const comparable = ({ configuration, codeFolder }: FunctionVersion) => {
    const { Version, RevisionId, LastModified, Description, ...rest } = configuration;
    return JSON.stringify([Object.entries(rest).sort(), codeFolder]);
  };
  return comparable(published) === comparable(latest);
}
