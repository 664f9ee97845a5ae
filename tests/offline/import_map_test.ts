import { assert } from "@std/assert";
import config from "../../deno.json" with { type: "json" };
import offline from "../../offline/import_map.json" with { type: "json" };

Deno.test("the stand-ins' import map names only packages of deno.json", () => {
  const packages = Object.keys(config.imports);
  for (const specifier of Object.keys(offline.imports)) {
    assert(
      packages.some((name) =>
        specifier === name || specifier.startsWith(`${name}/`)
      ),
      `${specifier} belongs to no package of deno.json`,
    );
  }
});

Deno.test("deno.json pins every package to one version", () => {
  for (const [name, target] of Object.entries(config.imports)) {
    assert(/@\d+\.\d+\.\d+$/.test(target), `${name} is ${target}`);
  }
});
