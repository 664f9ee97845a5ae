/**
 * Has a socket of Node.js that nobody listens to end in a reset, as NATS's
 * library may, and says when it is closed. The word `ignore` has such errors
 * ignored; with `throw` it throws an error of its own after that.
 *
 * @module
 */

import { type AddressInfo, connect, createServer } from "node:net";
import { ignoreStraySocketErrors } from "../../cluster/stray_errors.ts";

if (Deno.args.includes("ignore")) ignoreStraySocketErrors();
const server = createServer((conn) => {
  conn.once("data", () => conn.resetAndDestroy());
});
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  const socket = connect(port, "127.0.0.1");
  socket.on("close", () => {
    server.close();
    console.log("closed");
    if (Deno.args.includes("throw")) queueMicrotask(fail);
  });
  socket.resume();
  socket.write("hello");
});

function fail(): never {
  // No socket of Node.js has made it, much as it looks like that.
  const like = { code: "ECONNRESET", syscall: "read" };
  throw Object.assign(new Error("of its own"), like);
}
