/**
 * Where each request is served: one file a command, and the table that maps
 * the one to the other.
 *
 * @module
 */

import { Command } from "../../protocol/mod.ts";
import { handleAuthenticate } from "./authenticate.ts";
import type { Handler } from "./handler.ts";
import { handleList } from "./list.ts";
import { handleName } from "./name.ts";
import { handleNodes } from "./nodes.ts";
import { handleSend } from "./send.ts";
import { handleTime } from "./time.ts";

/** The handler of each command that can be asked for. */
export const handlers: ReadonlyMap<number, Handler> = new Map([
  [Command.time, handleTime],
  [Command.name, handleName],
  [Command.list, handleList],
  [Command.send, handleSend],
  [Command.authenticate, handleAuthenticate],
  [Command.nodes, handleNodes],
]);
