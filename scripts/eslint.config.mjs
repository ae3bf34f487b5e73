// Chromium 90 reads ECMAScript 2021 and most of 2022's classes. The parser refuses newer syntax; the rules
// below refuse newer methods, whoever they are called on.
import esX from "eslint-plugin-es-x";

const newer = [
  "no-array-prototype-at",
  "no-array-prototype-findlast-findlastindex",
  "no-array-prototype-toreversed",
  "no-array-prototype-tosorted",
  "no-array-prototype-tospliced",
  "no-array-prototype-with",
  "no-array-fromasync",
  "no-class-static-block",
  "no-error-cause",
  "no-object-hasown",
  "no-map-groupby",
  "no-object-groupby",
  "no-promise-withresolvers",
  "no-regexp-d-flag",
  "no-regexp-v-flag",
  "no-string-prototype-at",
  "no-string-prototype-iswellformed",
  "no-string-prototype-towellformed",
  "no-top-level-await",
].filter((name) => name in esX.rules);

const newerGlobals = ["structuredClone", "Sanitizer", "navigation", "EyeDropper", "scheduler", "LaunchQueue"];

const rules = {
  ...Object.fromEntries(newer.map((name) => [`es-x/${name}`, "error"])),
  "no-restricted-globals": ["error", ...newerGlobals.map((name) => ({ name, message: "newer than Chromium 90" }))],
};

export default [
  {
    files: ["bihuan/**/static/**/*.js"],
    ignores: ["bihuan/web/static/vendor/**"],
    plugins: { "es-x": esX },
    languageOptions: { ecmaVersion: 2022, sourceType: "module" },
    settings: { "es-x": { aggressive: true } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      ...rules,
      "no-undef-init": "error",
      "no-var": "error",
      "prefer-const": "error",
      eqeqeq: ["error", "always"],
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
    },
  },
  {
    // Not ours to style, and they look before they call; but what cannot be parsed would be a blank page.
    files: ["bihuan/web/static/vendor/*.js"],
    plugins: { "es-x": esX },
    languageOptions: { ecmaVersion: 2022, sourceType: "script" },
    linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: "off" },
    rules: { "es-x/no-class-static-block": "error", "es-x/no-regexp-d-flag": "error" },
  },
];
