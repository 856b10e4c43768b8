import js from "@eslint/js";
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["dist/", "generated/", "node_modules/", "test-results/"] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        project: ["./tsconfig.json", "./tsconfig.worker.json"],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      // Playwright asks for a destructured first parameter, even where a fixture needs nothing.
      "no-empty-pattern": ["error", { allowObjectPatternsAsParameters: true }],
      // Numbers in a template are what they look like.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // A listener or a row of a table may call for its effect alone.
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
    },
  },
  {
    files: ["element/**/*.ts"],
    rules: {
      // What a person reads stands in element/texts; only the name is the same in every language.
      "no-restricted-syntax": [
        "error",
        ...["/>\\s*(?!Reweave<)[^<>]*\\p{L}/u", "/(aria-label|title|alt)=\"[^\"]*\\p{L}/u"].map((text) => ({
          selector: `TaggedTemplateExpression[tag.name='html'] > TemplateLiteral > TemplateElement[value.raw=${text}]`,
          message: "A text of the element belongs into element/texts, in every language.",
        })),
      ],
    },
  },
  { files: ["**/*.js"], ...tseslint.configs.disableTypeChecked },
);
