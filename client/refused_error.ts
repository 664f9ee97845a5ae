import { statusName } from "../protocol/mod.ts";

/** The server answered a request with a no. The message is its sentence. */
export class RefusedError extends Error {
  /** The name of the class. */
  override readonly name: string = "RefusedError";
  /** The kind of refusal; see `Status`. */
  readonly status: number;

  /** Makes the error; without a sentence the status's name must do. */
  constructor(status: number, sentence: string) {
    super(sentence || statusName(status));
    this.status = status;
  }
}
