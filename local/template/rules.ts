import { resolve } from './resolve.ts';
import { type Scope, TemplateError } from './scope.ts';
import type { TemplateRule } from './template.ts';

/** Checks the assertions of the Rules section (CDK writes `CheckBootstrapVersion`). Throws TemplateError on the first that fails. */
export function checkRules(rules: Readonly<Record<string, TemplateRule>>, scope: Scope): void {
  for (const [name, rule] of Object.entries(rules)) {
    if (rule.RuleCondition !== undefined && resolve(rule.RuleCondition, scope) !== true) continue;
    for (const { Assert, AssertDescription } of rule.Assertions) {
      if (resolve(Assert, scope) === true) continue;
      throw new TemplateError(scope.place, AssertDescription ?? `an assertion of the rule ${name} fails`);
    }
  }
}
