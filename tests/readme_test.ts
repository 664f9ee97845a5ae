import { assertStringIncludes } from "@std/assert";
import { PACKAGE_FLAGS } from "../tools/packages.ts";

for (const program of ["server", "client"]) {
  Deno.test(`README shows what parley-${program} --help prints`, async () => {
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["run", ...PACKAGE_FLAGS, `${program}.ts`, "--help"],
    }).output();
    const help = new TextDecoder().decode(stdout).trim();
    for (const readme of ["README.md", "README.zh-CN.md"]) {
      assertStringIncludes(
        await Deno.readTextFile(readme),
        `\`\`\`\n$ parley-${program} --help\n${help}\n\`\`\``,
      );
    }
  });
}
