import config from "../deno.json" with { type: "json" };

/** The version of Parley's programs. */
export const version: string = config.version;
