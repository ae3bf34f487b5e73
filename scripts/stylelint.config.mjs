// What Chromium 90 cannot read, as caniuse knows it. A rule inside @supports is an enhancement, and may be newer.
export default {
  plugins: ["stylelint-no-unsupported-browser-features"],
  rules: {
    "plugin/no-unsupported-browser-features": [
      true,
      { browsers: ["Chrome 90"], ignorePartialSupport: true },
    ],
    "function-disallowed-list": [
      ["color-mix", "oklch", "oklab", "light-dark"],
      { message: "Chromium 90 cannot mix colours: write the mixed one as a token" },
    ],
    "at-rule-disallowed-list": [
      ["layer", "container", "scope", "starting-style", "property"],
      { message: "newer than Chromium 90" },
    ],
    "selector-pseudo-class-disallowed-list": [["has"], { message: "newer than Chromium 90 (105)" }],
    "selector-nested-pattern": ["^$", { message: "nesting is newer than Chromium 90 (112)" }],
  },
};
