/**
 * The MQTT broker aedes, on a port of this machine.
 *
 * @module
 */

import { createServer } from "node:net";

// Named like this it is fetched when it runs, not when anything is checked.
const AEDES = "npm:aedes@1.2.0";
const { Aedes } = await import(AEDES);

const broker = await Aedes.createBroker({ concurrency: 10_000 });
createServer({ noDelay: true }, broker.handle)
  .listen(Number(Deno.args[0]), "127.0.0.1");
