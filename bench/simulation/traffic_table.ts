import type { Plan } from "./plan.ts";
import type { Traffic } from "./traffic.ts";

/** What was simulated as a table in Markdown, a line a plan. */
export function trafficTable(
  rows: readonly (readonly [Plan, Traffic])[],
): string[] {
  const head = [
    "nodes",
    "clients",
    "a node tells, messages/s",
    "kB/s",
    "it hears, messages/s",
    "MB/s",
    "changes/s",
    "NATS hands out, messages/s",
    "MB/s",
    "joining, MB",
    "list, MB/s",
  ];
  const cells = rows.map(([plan, traffic]) => {
    const { states, changes, heard, handedOut, joining, pages } = traffic;
    return [
      whole(plan.nodes),
      whole(plan.nodes * plan.clients),
      (states.messages + changes.messages).toFixed(1),
      ((states.bytes + changes.bytes) / 1e3).toFixed(1),
      whole(heard.messages),
      (heard.bytes / 1e6).toFixed(2),
      whole(traffic.changesHeard),
      whole(handedOut.messages),
      (handedOut.bytes / 1e6).toFixed(1),
      (joining.bytes / 1e6).toFixed(1),
      (pages.bytes / 1e6).toFixed(2),
    ];
  });
  const line = (row: readonly string[]) => `| ${row.join(" | ")} |`;
  return [head, head.map(() => "--:"), ...cells].map(line);
}

function whole(figure: number): string {
  return Math.round(figure).toLocaleString("en");
}
