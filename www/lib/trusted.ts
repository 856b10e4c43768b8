// Trusted Types, where a page enforces them: one policy, `reweave`, for the worker's address and, in the
// package, for the templates of the element.

interface Rules {
  createHTML(text: string): string;
  createScriptURL(url: string): string;
}

/** Of browsers that have them. */
interface TypePolicies {
  createPolicy(name: string, rules: Rules): Rules;
}

let policy: Rules | null = null;

/** The policy; strings as they are where a browser knows none. What comes to it is written in this package:
 * addresses of its own files, and the element's templates. */
export function trust(): Rules {
  const rules = { createHTML: (text: string) => text, createScriptURL: (url: string) => url };
  const { trustedTypes } = globalThis as { trustedTypes?: TypePolicies };
  policy ??= trustedTypes?.createPolicy("reweave", rules) ?? rules;
  return policy;
}
