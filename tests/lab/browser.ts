/** How a page is shown. */
export interface View {
  /** In pixels of CSS. */
  readonly width: number;
  readonly height: number;
  /** Whether the reader prefers dark pages. */
  readonly dark?: boolean;
}

/** Names under which Chromium may be installed. */
const NAMES = ["chromium", "chromium-browser", "google-chrome"];

const FLAGS = [
  "--headless=new",
  "--remote-debugging-port=0",
  "--no-sandbox",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-dev-shm-usage",
  "--disable-extensions",
  "--disable-gpu",
  "--disable-sync",
  "--hide-scrollbars",
];

/** How long the browser may take for anything, in milliseconds. */
const PATIENCE_MS = 20_000;

/** Why there can be no browser on this machine, if there cannot. */
export function whyNoBrowser(): string | undefined {
  const file = path();
  if (file === undefined) {
    return `there is no ${NAMES.join(" or ")} that may read any file`;
  }
  const { success, stderr } = new Deno.Command(file, { args: ["--version"] })
    .outputSync();
  return success ? undefined : new TextDecoder().decode(stderr).trim();
}

function path(): string | undefined {
  if (Deno.build.os === "windows") return undefined;
  const directories = (Deno.env.get("PATH") ?? "").split(":");
  return NAMES
    .flatMap((name) => directories.map((directory) => `${directory}/${name}`))
    .find((file) => {
      try {
        return Deno.statSync(file).isFile && !isSnap(file);
      } catch {
        return false;
      }
    });
}

/** Ubuntu's Chromium lives in a world of its own, with another `/tmp`. */
function isSnap(file: string): boolean {
  const real = Deno.realPathSync(file);
  if (real.includes("snap")) return true;
  const isScript = Deno.statSync(real).size < 10_000;
  return isScript && Deno.readTextFileSync(real).includes("/snap/");
}

type Fields = Record<string, unknown>;

/** What Chromium says: the answer to a command, or an event. */
interface Said {
  readonly id?: number;
  readonly sessionId?: string;
  readonly method?: string;
  readonly params?: Fields;
  readonly result?: Fields;
  readonly error?: { readonly message: string };
}

/**
 * A Chromium without a window, driven by the DevTools protocol. Whoever disposes
 * of it ends it and removes all that it wrote.
 */
export class Browser implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #directory: string;
  readonly #stderr: ReadableStreamDefaultReader<string>;
  #socket: WebSocket | undefined;
  #lastId = 0;
  readonly #answers = new Map<number, PromiseWithResolvers<Fields>>();
  readonly #listeners = new Map<string, (said: Said) => void>();

  private constructor(
    child: Deno.ChildProcess,
    directory: string,
  ) {
    this.#child = child;
    this.#directory = directory;
    this.#stderr = child.stderr.pipeThrough(new TextDecoderStream())
      .getReader();
  }

  /**
   * Starts one.
   *
   * @throws {Error} If there is none, or it does not come up.
   */
  static async start(): Promise<Browser> {
    const file = path();
    if (file === undefined) throw new Error("There is no browser");
    const directory = await Deno.makeTempDir({ prefix: "parley-browser-" });
    const child = new Deno.Command(file, {
      args: [...FLAGS, `--user-data-dir=${directory}`, "about:blank"],
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    const browser = new Browser(child, directory);
    try {
      await browser.#connect();
    } catch (error) {
      await browser[Symbol.asyncDispose]();
      throw error;
    }
    return browser;
  }

  /**
   * Opens a page and waits until it is loaded.
   *
   * @throws {Error} If it cannot be.
   */
  async open(url: string, view: View): Promise<Page> {
    const { targetId } = await this.#ask("Target.createTarget", {
      url: "about:blank",
    });
    const { sessionId } = await this.#ask("Target.attachToTarget", {
      targetId,
      flatten: true,
    });
    const page = new Page(
      (method, params) => this.#ask(method, params, sessionId as string),
      async () => {
        this.#listeners.delete(sessionId as string);
        await this.#ask("Target.closeTarget", { targetId });
      },
    );
    this.#listeners.set(sessionId as string, (said) => page.hear(said));
    await page.load(url, view);
    return page;
  }

  /** Ends it. */
  async [Symbol.asyncDispose](): Promise<void> {
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), PATIENCE_MS);
    try {
      if (this.#socket === undefined) {
        this.#child.kill("SIGKILL");
      } else if (this.#socket.readyState !== WebSocket.CLOSED) {
        const { promise, resolve } = Promise.withResolvers<void>();
        this.#socket.addEventListener("close", () => resolve());
        this.#ask("Browser.close").catch(() => {
          // It may be gone before it has answered.
        });
        await promise;
      }
      await this.#child.status;
    } finally {
      clearTimeout(timer);
    }
    await this.#stderr.cancel();
    await removed(this.#directory);
  }

  /** Waits until it says where it listens, and goes there. */
  async #connect(): Promise<void> {
    let said = "";
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), PATIENCE_MS);
    try {
      for (;;) {
        const url = /DevTools listening on (ws:\S+)/.exec(said)?.[1];
        if (url !== undefined) {
          this.#socket = await opened(url);
          break;
        }
        const { done, value } = await this.#stderr.read();
        if (done) throw new Error(`The browser did not come up: ${said}`);
        said += value;
      }
    } finally {
      clearTimeout(timer);
    }
    // A pipe that nobody reads would stop it.
    this.#drain();
    this.#socket.onmessage = ({ data }) => this.#hear(JSON.parse(data));
    this.#socket.onclose = () => {
      for (const { reject } of this.#answers.values()) {
        reject(new Error("The browser is gone"));
      }
    };
  }

  async #drain(): Promise<void> {
    while (!(await this.#stderr.read()).done);
  }

  #hear(said: Said): void {
    if (said.id === undefined) {
      this.#listeners.get(said.sessionId ?? "")?.(said);
      return;
    }
    const answer = this.#answers.get(said.id);
    this.#answers.delete(said.id);
    if (said.error) answer?.reject(new Error(said.error.message));
    else answer?.resolve(said.result ?? {});
  }

  async #ask(
    method: string,
    params: Fields = {},
    sessionId?: string,
  ): Promise<Fields> {
    if (this.#socket?.readyState !== WebSocket.OPEN) {
      throw new Error("The browser is gone");
    }
    const id = ++this.#lastId;
    const answer = Promise.withResolvers<Fields>();
    this.#answers.set(id, answer);
    this.#socket.send(JSON.stringify({
      id,
      method,
      params,
      ...sessionId !== undefined && { sessionId },
    }));
    const timer = setTimeout(
      () => answer.reject(new Error(`No answer to ${method}`)),
      PATIENCE_MS,
    );
    try {
      return await answer.promise;
    } finally {
      clearTimeout(timer);
    }
  }
}

/** A page in a {@linkcode Browser}. Whoever disposes of it closes it. */
export class Page implements AsyncDisposable {
  /** Errors and warnings of its console, and what it did not catch. */
  readonly problems: string[] = [];
  /** The address of everything that it asked for, itself first. */
  readonly requests: string[] = [];
  readonly #ask: (method: string, params?: Fields) => Promise<Fields>;
  readonly #close: () => Promise<void>;
  #loaded = Promise.withResolvers<void>();

  constructor(
    ask: (method: string, params?: Fields) => Promise<Fields>,
    close: () => Promise<void>,
  ) {
    this.#ask = ask;
    this.#close = close;
  }

  /** Goes to an address. */
  async load(url: string, view: View): Promise<void> {
    for (const domain of ["Page", "Network", "Runtime", "Log"]) {
      await this.#ask(`${domain}.enable`);
    }
    await this.show(view);
    // The empty page that it begins with may have been loaded only now.
    this.#loaded = Promise.withResolvers();
    const { errorText } = await this.#ask("Page.navigate", { url });
    if (errorText) throw new Error(`${url}: ${errorText}`);
    await this.#loaded.promise;
  }

  /** Shows it in another way. */
  async show({ width, height, dark = false }: View): Promise<void> {
    await this.#ask("Emulation.setDeviceMetricsOverride", {
      width,
      height,
      deviceScaleFactor: 1,
      mobile: width < 600,
    });
    await this.#ask("Emulation.setEmulatedMedia", {
      features: [
        { name: "prefers-color-scheme", value: dark ? "dark" : "light" },
      ],
    });
  }

  /**
   * The value of an expression, which JSON must be able to hold; if it is a
   * promise, of what it resolves to.
   *
   * @throws {Error} If it throws.
   */
  async evaluate<T>(expression: string): Promise<T> {
    const { result, exceptionDetails } = await this.#ask("Runtime.evaluate", {
      expression,
      awaitPromise: true,
      returnByValue: true,
    }) as { result: { value: T }; exceptionDetails?: Fields };
    if (exceptionDetails) throw new Error(JSON.stringify(exceptionDetails));
    return result.value;
  }

  /** Writes the whole page, or a part of it, as a PNG image. */
  async screenshot(
    path: string,
    { top = 0, height }: { top?: number; height?: number } = {},
  ): Promise<void> {
    const { cssContentSize } = await this.#ask("Page.getLayoutMetrics") as {
      cssContentSize: { width: number; height: number };
    };
    const { data } = await this.#ask("Page.captureScreenshot", {
      captureBeyondViewport: true,
      clip: {
        x: 0,
        y: top,
        width: cssContentSize.width,
        height: Math.min(height ?? Infinity, cssContentSize.height - top),
        scale: 1,
      },
    });
    await Deno.writeFile(path, bytesOf(data));
  }

  /** Prints it as its style sheet says. */
  async printToPdf(
    path: string,
    { backgrounds = false }: { backgrounds?: boolean } = {},
  ): Promise<void> {
    const { data } = await this.#ask("Page.printToPDF", {
      preferCSSPageSize: true,
      printBackground: backgrounds,
    });
    await Deno.writeFile(path, bytesOf(data));
  }

  /** Takes note of what the browser says about it. */
  hear({ method, params = {} }: Said): void {
    // deno-lint-ignore no-explicit-any -- the shapes are DevTools'
    const said = params as any;
    switch (method) {
      case "Page.loadEventFired":
        this.#loaded.resolve();
        break;
      case "Network.requestWillBeSent":
        this.requests.push(said.request.url);
        break;
      case "Network.loadingFailed":
        this.problems.push(`not loaded: ${said.errorText}`);
        break;
      case "Runtime.exceptionThrown":
        this.problems.push(said.exceptionDetails.text);
        break;
      case "Runtime.consoleAPICalled":
        if (!["error", "warning", "assert"].includes(said.type)) break;
        this.problems.push(`${said.type}: ${JSON.stringify(said.args)}`);
        break;
      case "Log.entryAdded":
        if (!["error", "warning"].includes(said.entry.level)) break;
        this.problems.push(said.entry.text);
    }
  }

  /** Closes it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close();
  }
}

function bytesOf(base64: unknown): Uint8Array {
  return Uint8Array.fromBase64(String(base64));
}

async function opened(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.onopen = () => resolve();
  socket.onerror = () => reject(new Error(`No connection to ${url}`));
  await promise;
  return socket;
}

/** Its children may still be writing for a moment. */
async function removed(directory: string): Promise<void> {
  const untilMs = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      await Deno.remove(directory, { recursive: true });
      return;
    } catch (error) {
      if (performance.now() > untilMs) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
