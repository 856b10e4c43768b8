import tests from "./playwright.config.ts";

// Measurements print figures and assert none: `npm run measure`.
export default { ...tests, testMatch: "*.measure.ts", workers: 1, timeout: 120_000 };
