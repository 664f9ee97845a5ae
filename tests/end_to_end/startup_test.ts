/**
 * What the programs load before they do anything. A command that is done in a
 * moment waits for nothing that only others use.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { PACKAGE_FLAGS } from "../../tools/packages.ts";

const ROOT = import.meta.resolve("../../");

/** The parts of `deno info --json` that matter here. */
interface Info {
  roots: string[];
  modules: {
    specifier: string;
    dependencies?: { code?: { specifier?: string }; isDynamic?: boolean }[];
  }[];
}

/** The modules that an entry loads at once, by their paths in the repository. */
async function loadedAtStart(entry: string): Promise<string[]> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", ...PACKAGE_FLAGS, new URL(entry, ROOT).href],
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  const info: Info = JSON.parse(new TextDecoder().decode(stdout));
  const modules = new Map(info.modules.map((one) => [one.specifier, one]));
  const loaded = new Set(info.roots);
  for (const specifier of loaded) {
    for (const one of modules.get(specifier)?.dependencies ?? []) {
      const next = one.code?.specifier;
      if (next !== undefined && !one.isDynamic) loaded.add(next);
    }
  }
  return [...loaded].map((specifier) => specifier.replace(ROOT, ""));
}

Deno.test("the client loads no menu, prompts, other languages or completions before it needs them", async () => {
  const loaded = await loadedAtStart("client.ts");
  assert(loaded.includes("client/commands/time.ts"), loaded.join());
  const spared =
    /cliffy|prompt|^client\/(menu|start_menu|completions|reconnection|settings|texts\/zh)|^server\//;
  assertEquals(loaded.filter((path) => spared.test(path)), []);
});

Deno.test("the server loads neither TLS nor the check of tokens before it needs them", async () => {
  const loaded = await loadedAtStart("server.ts");
  assert(loaded.includes("server/session.ts"), loaded.join());
  const spared =
    /^node:(tls|crypto)|^server\/(encryption|token_check)|^client\//;
  assertEquals(loaded.filter((path) => spared.test(path)), []);
});
