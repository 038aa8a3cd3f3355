// What eslint and typescript-eslint recommend, and what the latter calls strict.
import js from "@eslint/js";
import tseslint from "typescript-eslint";

export default tseslint.config(
  js.configs.recommended,
  tseslint.configs.recommended,
  tseslint.configs.strict,
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
);
