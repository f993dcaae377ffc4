import type { Operation } from '../../../service.ts';
import type { LambdaCore } from '../core.ts';
import { findRecord, functionArn } from '../find-function.ts';
import { conflict, invalid, knownMembers, notFound } from '../known-members.ts';
import { retireOutdated } from '../revision.ts';

/** Deletes a function with all its versions and aliases, or the one version that `Qualifier` names. */
export const deleteFunction =
  (core: LambdaCore): Operation =>
  async (input) => {
    knownMembers('DeleteFunction', input, ['FunctionName', 'Qualifier']);
    const { name, qualifier, record } = findRecord(core, input);
    if (qualifier === undefined) {
      core.state.functions.delete(name);
    } else {
      if (qualifier === '$LATEST') throw invalid('$LATEST version cannot be deleted without deleting the function.');
      const published = record.published.filter(({ configuration }) => configuration.Version !== qualifier);
      if (published.length === record.published.length) {
        throw notFound(`Function not found: ${functionArn(core.cloud, { name, qualifier })}`);
      }
      const alias = Object.values(record.aliases).find(({ FunctionVersion }) => FunctionVersion === qualifier);
      if (alias) throw conflict(`Version ${qualifier} is in use by the alias ${alias.Name}`);
      core.state.functions.set(name, { ...record, published });
    }
    retireOutdated(core);
    return { StatusCode: 204 };
  };
