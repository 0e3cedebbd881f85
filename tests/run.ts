/**
 * `deno task test` and `deno task test:full`: every test of the repository, in parallel.
 *
 * The two tiers run the same tests; under `--full` each stress test takes the counts the project
 * promises (it reads `TUNEBOOK_TEST`), otherwise about a tenth of them. What follows the flags goes
 * to `deno test`, so `deno task test tests/std` runs one room and `--filter name` one test.
 *
 * @module
 */

const full = Deno.args[0] === "--full";
const rest = full ? Deno.args.slice(1) : Deno.args;

const started = performance.now();
const { code } = await new Deno.Command(Deno.execPath(), {
  args: ["test", "--allow-all", "--parallel", "--quiet", ...rest],
  // Tests of types turn them on for their own kernels; the others shall not pay for them.
  env: { TUNEBOOK_TEST: full ? "full" : "short", TUNEBOOK_TYPES: "off" },
  cwd: new URL("..", import.meta.url),
}).spawn().status;

const minutes = ((performance.now() - started) / 60_000).toFixed(1);
console.log(`${full ? "full" : "short"} tests took ${minutes} minutes`);
Deno.exit(code);
