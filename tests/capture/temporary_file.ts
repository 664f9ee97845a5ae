/** A file that is removed when it is disposed of. */
export interface TemporaryFile extends Disposable {
  /** Where it is. */
  readonly path: string;
}

/** Makes a file that holds `text`. */
export async function temporaryFile(text = ""): Promise<TemporaryFile> {
  const path = await Deno.makeTempFile({ suffix: ".pcapng" });
  await Deno.writeTextFile(path, text);
  return {
    path,
    [Symbol.dispose]() {
      try {
        Deno.removeSync(path);
      } catch {
        // The test has removed it.
      }
    },
  };
}
