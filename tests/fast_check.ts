/**
 * Property tests. The package stands here and not in deno.json: Deno asks for
 * the npm packages of deno.json before it runs any task, and a server does not
 * need this one.
 *
 * @module
 */

export { default } from "npm:fast-check@4.10.2";
