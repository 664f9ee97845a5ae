import { figure } from "../figure.ts";
import type { Texts } from "./texts.ts";

/** 中文. */
export const zh: Texts = {
  answersHeading: "服务器是否都作了响应？",
  setup: (count, rounds) =>
    `用真实的 \`parley-client\` 连接真实的 \`parley-server\`。菜单第 8 项一次` +
    `发出 ${count} 个获取时间的请求，并统计收到的响应。在同一个连接上选了 ` +
    `${rounds} 次。`,
  answers: (received, sent, logged) =>
    `${figure(sent)} 个请求收到 **${figure(received)} 个**响应。服务器日志里` +
    `有 ${figure(logged)} 行对该客户端 \`time\` 请求的响应。`,
  clientTitle: "客户端（第 1 次）",
  serverTitle: "服务器的日志",

  packetsHeading: "网络上实际传送了多少个包？",
  captured: (command, file) =>
    `用 \`${command}\` 在环回接口上抓包，\`${file}\` 里是从建立到关闭的完整` +
    `过程。每一轮从携带该轮第一个请求的报文段开始。`,
  roundsHead: [
    "轮次",
    "响应",
    "帧",
    "报文段 →",
    "报文段 ←",
    "全部报文段",
    "读次数",
    "毫秒",
  ],
  roundsCaption: (source, count) => {
    const frames = `每一轮是 ${count} 个请求和它们的响应`;
    if (source === "none") return `${frames}；报文段数无法统计。`;
    const from = source === "wire" ? "抓包" : "内核计数";
    return `${frames}。→ 和 ← 是客户端和服务器各自发出的带数据的报文段` +
      `（根据${from}），“全部”还包括不带数据的报文段。`;
  },
  packets: (frames, segments, without, reads) =>
    `${figure(frames)} 个帧只用了 **${figure(segments)} 个带数据的报文段**，` +
    `另有 ${figure(without)} 个不带数据、只作确认的报文段；客户端读了 ` +
    `${figure(reads)} 次就取完了所有响应。TCP 传送的是字节流，不知道应用层的` +
    `包：两个程序都把许多帧放进一次写操作，内核再把已有的字节尽量装进一个` +
    `报文段。`,
  segmentsHead: ["包号", "毫秒", "方向", "字节", "内容"],
  segmentsCaption: "第 1 轮在网络上的每一个包。",
  fromClient: "客户端 →",
  fromServer: "← 服务器",
  frames: (frames, fromClient) => `${frames} 个${fromClient ? "请求" : "响应"}`,
  acknowledgement: "不带数据，仅确认",
  before: "第 1 次选择之前",
  after: "第 1 次选择之后",
  counters: (sent, received) =>
    "内核也对每个连接的报文段计数。第 1 次选择期间，客户端套接字的计数增加了 " +
    `${sent}（\`data_segs_out\`）和 ${received}（\`data_segs_in\`）；` +
    "为 0 的项 `ss` 不显示。",

  naiveHeading: "把一次读当作一个包的接收程序",
  naive: (readSize, count) =>
    `一个常见的错误，是把一次 recv 得到的内容当作一个包。这里用一个同样做法的小` +
    `程序（每次最多读 ${figure(readSize)} 字节）向同一个服务器发出 ${count} ` +
    `个请求；Parley 的解码器同时处理同样的字节，因此可以知道实际到达了多少个` +
    `响应。`,
  naiveHead: [
    "请求的发送方式",
    "次",
    "每次读到的字节",
    "看到",
    "丢失",
    "乱码",
    "实际到达",
  ],
  naiveCaption: (count) =>
    `${count} 个请求的响应在这种接收程序眼里的样子。“乱码”指从某个响应中间` +
    `开始的读。`,
  writes: {
    waiting: "收到上一个响应后再发下一个",
    each: "每个请求写一次，中间不停顿",
    one: "全部放在一次写里",
  },
  naiveLost: (count, seen, runsWithLoss, runs) => {
    const saw = seen.min === seen.max
      ? `${seen.min}`
      : `${seen.min} 到 ${seen.max}`;
    const start = `不等待响应时，它在 ${count} 个响应中只看到 ${saw} 个`;
    if (runsWithLoss === 0) {
      return `不等待响应时，它今天在 ${runs} 次运行中碰巧一个也没有丢` +
        `（看到 ${saw} 个），但 TCP 并不保证这一点。`;
    }
    return `${start}，${runs} 次运行中有 ${runsWithLoss} 次丢失了响应。这些` +
      `响应其实都已到达，只是被 TCP 连在一起，一次读就取走了许多个。`;
  },
  naiveWaiting: (lost, runs) =>
    lost === 0
      ? `如果像人操作菜单那样，等到响应再发下一个请求，它在 ${runs} 次运行中` +
        `一个也不丢。所以手工试用时发现不了这个错误。`
      : `即使等到响应再发下一个请求，它在 ${runs} 次运行中也丢了 ${lost} 个。`,

  claims: {
    "all-answered": (count, rounds) =>
      `服务器全部作了响应：${rounds} 次选择，每次 ${count} 个请求都收到 ` +
      `${count} 个响应`,
    "log-agrees": (count, rounds) =>
      `服务器日志里同样是 ${figure(count * rounds)} 个响应`,
    "whole-frames": (count) =>
      `每一轮在网络上传送的字节正好是 ${count} 个请求和 ${count} 个响应，` +
      `没有重复`,
    "fewer-segments": () => "每一轮带数据的 TCP 报文段都比帧少",
    "counters-agree": () => "抓包与内核计数得到的带数据报文段数相同",
    "fewer-reads": () => "每一轮的读次数都比响应数少",
    "naive-loses": () => "把一次读当作一个包而又不等待的接收程序会丢失响应",
    "waiting-hides": () => "同一个接收程序逐个等待响应时不会丢失",
    "decoder-whole": (count) =>
      `对同样的字节，Parley 的解码器找到了全部 ${count} 个响应`,
  },
};
