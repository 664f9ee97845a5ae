import { TextLineStream } from "@std/streams/text-line-stream";

/**
 * Hands over the lines of a program's output one by one, so that hours of them
 * need not be kept; one that is unfinished at the end counts. Resolves at the
 * end.
 */
export async function eachLine(
  stream: ReadableStream<Uint8Array>,
  onLine: (line: string) => void,
): Promise<void> {
  const lines = stream
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new TextLineStream());
  for await (const line of lines) onLine(line);
}
