/**
 * The flags that make a `deno` which this program starts use the packages that
 * this program itself uses: none for those of JSR, an import map for the
 * stand-ins of `offline/`.
 *
 * @example Usage
 * ```ts
 * import { PACKAGE_FLAGS } from "./packages.ts";
 *
 * new Deno.Command(Deno.execPath(), {
 *   args: ["run", ...PACKAGE_FLAGS, "server.ts"],
 * });
 * ```
 */
export const PACKAGE_FLAGS: readonly string[] =
  import.meta.resolve("@std/assert").startsWith("file:")
    ? [`--import-map=${import.meta.resolve("../offline/import_map.json")}`]
    : [];
