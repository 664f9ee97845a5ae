import type { Marked } from "./document/document.ts";
import type { Obstacle } from "./experiment.ts";
import type { Language } from "./language.ts";

/** Why something cannot be done on this machine, and how it can, in words. */
export interface ObstacleText {
  readonly why: Marked;
  readonly how: Marked;
}

/** Tells an obstacle to people. What runs it again makes the whole report anew. */
export function obstacleText(
  obstacle: Obstacle,
  language: Language,
): ObstacleText {
  const again = `sudo env "PATH=$PATH" deno task lab --lang ${language}`;
  return (language === "en" ? english : chinese)(obstacle, again);
}

function english(obstacle: Obstacle, again: string): ObstacleText {
  switch (obstacle.kind) {
    case "not-linux":
      return {
        why: "This takes Linux: it asks its kernel.",
        how: "Run it on a Linux machine, or in a virtual one.",
      };
    case "not-root":
      return {
        why: "Only root may do this, and it was run as somebody else.",
        how: `\`${again}\``,
      };
    case "missing":
      return {
        why: `The program \`${obstacle.program}\` is not installed.`,
        how: `\`sudo apt install ${obstacle.package}\`, and run it again.`,
      };
    case "refused":
      return {
        why: `The system refused it: ${obstacle.message}`,
        how: "Run it as root on a machine of your own.",
      };
  }
}

function chinese(obstacle: Obstacle, again: string): ObstacleText {
  switch (obstacle.kind) {
    case "not-linux":
      return {
        why: "这需要 Linux：要向它的内核询问。",
        how: "请在 Linux 机器或虚拟机上运行。",
      };
    case "not-root":
      return {
        why: "只有 root 才能这样做，而这次不是以 root 运行的。",
        how: `\`${again}\``,
      };
    case "missing":
      return {
        why: `没有安装程序 \`${obstacle.program}\`。`,
        how: `\`sudo apt install ${obstacle.package}\`，然后重新运行。`,
      };
    case "refused":
      return {
        why: `系统拒绝了：${obstacle.message}`,
        how: "请在自己的机器上以 root 运行。",
      };
  }
}
