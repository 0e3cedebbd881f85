/**
 * Imported before the engine, so that it runs without a BLAS even where one is installed: results of
 * experiments were made so, to be the same on every machine.
 *
 * @module
 */
Deno.env.set("TUNEBOOK_BLAS", "off");
