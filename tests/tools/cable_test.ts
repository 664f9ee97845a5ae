import { assertEquals } from "@std/assert";
import { Cable, whyNoCable } from "../../tools/cable.ts";

const why = whyNoCable();
if (why !== undefined) console.error(`No cable can be laid here: ${why}`);

/** Whether one machine at a cable hears the other. */
async function reaches(
  [program, ...args]: readonly string[],
  address: string,
): Promise<boolean> {
  // Nobody listens there, and the other machine says so.
  const script = `</dev/tcp/${address}/1`;
  const { stderr } = await new Deno.Command(program!, {
    args: [...args, "timeout", "5", "bash", "-c", script],
    env: { LC_ALL: "C" },
  }).output();
  return new TextDecoder().decode(stderr).includes("Connection refused");
}

Deno.test({
  name: "cables can be laid at the same time, and each is removed alone",
  ignore: why !== undefined,
  async fn() {
    using cable = new Cable();
    {
      using other = new Cable();
      assertEquals(await reaches(other.near, other.farAddress), true);
      other.pull();
      assertEquals(await reaches(cable.near, cable.farAddress), true);
    }
    assertEquals(await reaches(cable.far, cable.nearAddress), true);
  },
});
