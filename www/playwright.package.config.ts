import tests from "./playwright.config.ts";

// From the packed tarball, in folders of their own: `cargo xtask test --only package`. Installing takes
// the longest, so two at a time.
export default { ...tests, testDir: "package-tests", testMatch: "*.spec.ts", workers: 2, timeout: 150_000, retries: 0 };
