import type { Texts } from "./texts.ts";

/** 中文. */
export const zh: Texts = {
  setup: (clients, count, choices) =>
    `${clients} 个真实的客户端连接同一个服务器，都停在菜单第 8 项的提问“请求` +
    `个数”处，然后在同一时刻全部得到回答 ${count}。共做 ${choices.length} 轮，` +
    `每轮用新的客户端：${choices.map(times).join("，然后")}。`,
  roundHeading: (choices) => `每个客户端${times(choices)}`,
  clientTitle: (id) => `客户端 ${id}`,
  head: ["客户端", "开始（毫秒）", "完成（毫秒）", "响应", "读次数", "日志中"],
  caption:
    "时间从第一个客户端得到回答时算起；“日志中”是服务器日志里对该客户端" +
    "的响应数。",
  ofAll: (received, sent) => `${received} / ${sent}`,
  moment: (lastBegunMs, firstDoneMs) =>
    lastBegunMs < firstDoneMs
      ? `最后一个客户端在第 ${
        lastBegunMs.toFixed(1)
      } 毫秒开始，而第一个完成的` +
        `客户端到第 ${
          firstDoneMs.toFixed(1)
        } 毫秒才完成：这段时间里所有客户端` +
        `都在同时工作。`
      : `最后一个客户端在第 ${
        lastBegunMs.toFixed(1)
      } 毫秒才开始，而第一个客户端` +
        `在第 ${firstDoneMs.toFixed(1)} 毫秒已经完成：它们没有全部同时工作。`,
  order: (served, switches, clients) => {
    const went = switches >= clients
      ? "服务器还没有处理完一个客户端就转而处理别的"
      : "这一次服务器恰好逐个处理完了各个客户端";
    return `服务器按下面的顺序作出响应（客户端 × 响应数）：${served}。共切换了 ` +
      `${switches} 次，而逐个服务只需切换 ${clients - 1} 次；${went}。`;
  },
  server: "服务器日志（每次切换后的第一行）",
  claims: {
    "all-answered": (clients, count) =>
      `${clients} 个客户端每一次的 ${count} 个请求都收到 ${count} 个响应`,
    "log-agrees": () => "服务器日志中对每个客户端的响应数与此相同",
    "same-moment": () => "第一个客户端完成之前，所有客户端都已开始",
    "interleaved": () => "服务器还没有处理完一个客户端就已经在响应另一个",
  },
};

function times(number: number): string {
  return number === 1 ? "选一次" : `连续选 ${number} 次`;
}
