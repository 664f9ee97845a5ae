import type { Block, Document } from "../../../lab/document/document.ts";
import type { Language } from "../../../lab/language.ts";

const SERVER =
  `22:33:58  lab-pc listens on 127.0.0.1:2203 (this machine only; --host 0.0.0.0 opens it)
Listening on 127.0.0.1:2203
Type q and Enter, or press Ctrl-C, to quit
22:33:58  #1 127.0.0.1:55634 connected (1 connected)
22:33:59  #2 127.0.0.1:55636 connected (2 connected)
22:34:00  #2 127.0.0.1:55636 time → 2026-11-22T21:34:00.288Z
22:34:00  #2 127.0.0.1:55636 list after 0 → 2 clients
22:34:02  #2 127.0.0.1:55636 send 11 bytes to 1 → delivered
22:34:05  #2 127.0.0.1:55636 left (goodbye: leaving) after 6.0 s (1 connected)
q
22:34:06  shutting down: q was typed (1 connected)
22:34:06  closed
`;

const LISTENER = {
  en: `$ parley-client listen
Listening for messages as number 1
22:34:02      2  127.0.0.1:55636        hello world
parley-client: Disconnected: the server is shutting down (q was typed)
`,
  zh: `$ parley-client listen
正在收消息，编号 1
22:34:02      2  127.0.0.1:55636        hello world
parley-client: Disconnected: the server is shutting down (q was typed)
`,
};

const MENU = {
  en: `Connected to 127.0.0.1:2203 as number 2

  1 Disconnect
  2 Time of the server
› 3 Name of the server
  4 List of clients
  5 Send a message
  6 Quit

Delivered to 1 in 3.2 ms
`,
  zh: `已连接到 127.0.0.1:2203，编号 2

  1 断开连接
  2 服务器的时间
› 3 服务器的名字
  4 客户端列表
  5 发消息
  6 退出

已送达 1，用时 3.2 ms
`,
};

const SS =
  `State      Recv-Q Send-Q Local Address:Port   Peer Address:Port  Process
ESTAB      0      0          192.0.2.1:2203      192.0.2.2:43016  users:(("deno",pid=4127,fd=21))
ESTAB      0      48         192.0.2.1:2203      192.0.2.2:43018  users:(("deno",pid=4127,fd=23)) timer:(on,1.6sec,4)
TIME-WAIT  0      0          192.0.2.1:2203      192.0.2.2:43020
`;

const TSHARK = Array.from(
  { length: 24 },
  (_, i) =>
    `${i + 1}\t${(i * 0.0137).toFixed(6)}\t192.0.2.${1 + i % 2}\t192.0.2.${
      2 - i % 2
    }\tTCP\t${66 + 16 * (i % 3)}\t${i % 3 === 0 ? "[PSH, ACK]" : "[ACK]"} Seq=${
      i * 16
    } Ack=${i * 8} Win=64256`,
).join("\n");

/** The sixteen bytes of a header, drawn as tables of packets are. */
function packet(names: readonly string[]): string {
  const fields = [
    [0, 2, "50 59"],
    [2, 1, "01"],
    [3, 1, "01"],
    [4, 2, "00 02"],
    [6, 2, "00 00"],
    [8, 4, "00 00 00 07"],
    [12, 4, "00 00 00 00"],
  ] as const;
  const boxes = fields.map(([offset, size, bytes], i) => {
    const x = 20 + offset * 45;
    const middle = x + size * 22.5;
    return `<rect x="${x}" y="60" width="${size * 45}" height="64" ` +
      `fill="${i % 2 ? "#eef3f8" : "#fff"}" stroke="#1c5282"/>` +
      `<text x="${middle}" y="87" text-anchor="middle">${names[i]}</text>` +
      `<text class="bytes" x="${middle}" y="110" text-anchor="middle">${bytes}</text>` +
      `<text class="offset" x="${x}" y="52">${offset}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 150" width="760" height="150">
<style>text{font:13px sans-serif;fill:#1f252b}.bytes{font:12px monospace;fill:#57616b}.offset{font-size:11px}</style>
<defs><marker id="arrow"><path d="M0 0L6 3L0 6z"/></marker></defs>
<text x="20" y="24" style="font-weight:600">${names[7]}</text>
${boxes.join("\n")}
</svg>`;
}

/** Which state each end is in, over time. */
function states(words: readonly string[]): string {
  const rows = [0, 1].map((row) => {
    const y = 70 + row * 70;
    const cut = row === 0 ? 560 : 430;
    return `<text x="20" y="${y + 20}">${words[row]}</text>` +
      `<rect x="120" y="${y}" width="${
        cut - 120
      }" height="32" rx="4" fill="#dcebdf" stroke="#1b6b3c"/>` +
      `<text x="134" y="${y + 21}">ESTABLISHED</text>` +
      `<rect x="${cut}" y="${y}" width="${
        730 - cut
      }" height="32" rx="4" fill="#f7e3e1" stroke="#a8261f"/>` +
      `<text x="${cut + 12}" y="${y + 21}">${
        row === 0 ? "CLOSED" : "FIN-WAIT-1"
      }</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 260">
<style>text{font:13px sans-serif;fill:#1f252b}</style>
<defs><marker id="arrow"><path d="M0 0L6 3L0 6z"/></marker></defs>
<text x="20" y="30" style="font-weight:600">${words[2]}</text>
${rows.join("\n")}
<path d="M300 50V190" stroke="#735300" stroke-dasharray="4 3"/>
<text x="306" y="206" style="fill:#735300">${words[3]}</text>
<path d="M120 222H730" stroke="#57616b"/>
${
    Array.from(
      { length: 7 },
      (_, i) => `<text x="${116 + 100 * i}" y="242">${i} s</text>`,
    ).join("")
  }
</svg>`;
}

const EN: readonly Block[] = [
  {
    kind: "paragraph",
    text:
      "Parley is a framed protocol on TCP. This report runs the lab's experiments on real processes of its server and client and tells what was seen. Everything on the screens below was printed by the programs; nothing was typed in by hand.",
  },
  { kind: "heading", level: 2, id: "packets", text: "The packets" },
  {
    kind: "paragraph",
    text:
      "A packet is a header of **16 bytes** and a payload. The field `type` tells a request (`1`), a response (`2`) and an indication (`3`) apart; `length` says where the next packet begins, however TCP chops the stream.",
  },
  {
    kind: "picture",
    name: "header",
    svg: packet([
      "magic",
      "ver",
      "type",
      "command",
      "status",
      "id",
      "payload length",
      "A request for the time: 16 bytes, no payload",
    ]),
    alt: "A packet's header: magic, version, type, command, status, id, length",
    caption:
      "The header of a request, as it went over the wire. Above each field its offset in bytes.",
  },
  {
    kind: "table",
    caption: "The commands, with the sizes of their payloads in bytes",
    head: ["Number", "Command", "Asked by", "Request", "Response"],
    figures: [0, 3, 4],
    rows: [
      ["1", "`hello`", "server, as an indication", "0", "14"],
      ["2", "`time`", "client", "0", "13"],
      ["3", "`name`", "client", "0", "8"],
      [
        "4",
        "`list`",
        "client; in pages of at most 1,024 clients",
        "4",
        "1,208",
      ],
      ["5", "`send`", "client", "19", "0"],
    ],
  },
  { kind: "heading", level: 2, id: "functions", text: "Each function once" },
  {
    kind: "paragraph",
    text:
      "A server and two clients, each in a terminal of its own. The second client goes through its menu; the first one listens.",
  },
  { kind: "heading", level: 3, text: "What the three of them show" },
  {
    kind: "screens",
    screens: [
      { title: "Server: `parley-server --verbose`", text: SERVER },
      { title: "Client 1: `listen`", text: LISTENER.en },
      { title: "Client 2: the menu", text: MENU.en },
    ],
  },
  {
    kind: "findings",
    findings: [
      { claim: "The client prints what the server answered", holds: true },
      {
        claim:
          "“Delivered” appears only after client 1 has confirmed the message",
        holds: true,
      },
      { claim: "The server shows who came and what was asked", holds: true },
    ],
  },
  { kind: "heading", level: 3, text: "In the order of time" },
  {
    kind: "screens",
    screens: [
      { title: "Client 1: `listen`", text: LISTENER.en },
      { title: "Client 2: the menu", text: MENU.en },
    ],
  },
  {
    kind: "heading",
    level: 2,
    id: "cable",
    text: "The client's cable is pulled",
  },
  {
    kind: "items",
    numbered: true,
    items: [
      "Two network namespaces are joined by a cable (`veth`); the server is at one end and the client at the other.",
      "The cable is pulled: the link goes **down**, and nobody is told.",
      "After 10 minutes it is plugged in again, and a second client connects.",
    ],
  },
  {
    kind: "picture",
    name: "states",
    svg: states([
      "client",
      "server",
      "TCP states at both ends",
      "cable pulled",
    ]),
    alt:
      "Both ends stay in ESTABLISHED after the cable is pulled; the server gives up first",
    caption: "The TCP state of each end, asked of the kernel every 50 ms",
  },
  {
    kind: "console",
    where: "at the server, 3 s after the pull",
    command: "ss -tanop '( sport = :2203 )'",
    output: SS,
  },
  {
    kind: "findings",
    findings: [
      {
        claim: "No `FIN` leaves the client while the link is down",
        holds: true,
      },
      {
        claim: "Both ends notice it within the ping interval and timeout: 2 s",
        holds: false,
      },
      { claim: "The old connection has left the list", holds: true },
    ],
  },
  { kind: "heading", level: 3, text: "With a real cable" },
  {
    kind: "not-run",
    why:
      "Only root may take a network interface down, and this was not run as root.",
    how: "`sudo deno task lab --only cable`",
  },
  {
    kind: "heading",
    level: 2,
    id: "burst",
    text: "A hundred requests at once",
  },
  {
    kind: "paragraph",
    text:
      "The client sends 100 requests without waiting. TCP joins many of them into one segment, so the number of segments is *not* the number of sends; the number of responses is 100 all the same.",
  },
  {
    kind: "table",
    head: ["Run", "Sent", "Received", "Segments", "Bytes", "Time, ms"],
    figures: [0, 1, 2, 3, 4, 5],
    rows: Array.from({ length: 12 }, (_, i) => [
      `${i + 1}`,
      "100",
      "100",
      `${9 + (i * 7) % 5}`,
      (4520 + i * 66).toLocaleString("en"),
      (3.1 + (i * 0.37) % 2).toFixed(1),
    ]),
  },
  {
    kind: "console",
    command:
      "tshark -r burst.pcap -T fields -e frame.number -e frame.time_relative",
    output: TSHARK,
  },
  {
    kind: "findings",
    findings: [
      { claim: "100 of 100 responses came, in all 12 runs", holds: true },
      { claim: "There were fewer segments than sends", holds: true },
    ],
  },
  { kind: "heading", level: 2, id: "questions", text: "Questions and answers" },
  {
    kind: "answer",
    question: "Does a client need `bind`? Where does its port come from?",
    answer:
      "No. `connect` lets the kernel choose an ephemeral port from `net.ipv4.ip_local_port_range`. In five connects the ports were 43016, 43018, 43020, 43022 and 43024: **each one different**.",
  },
  {
    kind: "answer",
    question:
      "If the server has called `listen` but not yet `accept`, does `connect` succeed?",
    answer:
      "Yes. The kernel finishes the handshake by itself and puts the connection into the backlog; `accept` only takes it out.",
  },
  {
    kind: "answer",
    question: "Which TCP state follows an active close, and for how long?",
    answer:
      "TIME-WAIT, for 60 s on Linux (measured: 60.1 s): twice the longest time that a segment may live.",
  },
];

const ZH: readonly Block[] = [
  {
    kind: "paragraph",
    text:
      "Parley 是一个建立在 TCP 之上、按帧传输的协议。这份报告用真实的服务器和客户端进程把实验做了一遍，并写下看到的结果。下面屏幕上的内容都是程序自己打印的，没有一处是手工填写的。",
  },
  { kind: "heading", level: 2, id: "packets", text: "数据包" },
  {
    kind: "paragraph",
    text:
      "一个数据包由 **16 字节**的包头和数据组成。字段 `type` 区分请求（`1`）、响应（`2`）和指示（`3`）；`length` 说明下一个包从哪里开始，不管 TCP 怎样切分字节流。",
  },
  {
    kind: "picture",
    name: "header",
    svg: packet([
      "标识",
      "版本",
      "类型",
      "命令",
      "状态",
      "编号",
      "数据长度",
      "一个询问时间的请求：16 字节，没有数据",
    ]),
    alt: "包头：标识、版本、类型、命令、状态、编号、数据长度",
    caption: "线路上一个请求的包头。每个字段上方是它的偏移量，以字节为单位。",
  },
  {
    kind: "table",
    caption: "命令，以及各自数据的字节数",
    head: ["编号", "命令", "由谁发出", "请求", "响应"],
    figures: [0, 3, 4],
    rows: [
      ["1", "`hello`", "服务器，作为指示", "0", "14"],
      ["2", "`time`", "客户端", "0", "13"],
      ["3", "`name`", "客户端", "0", "8"],
      ["4", "`list`", "客户端；每页最多 1,024 个客户端", "4", "1,208"],
      ["5", "`send`", "客户端", "19", "0"],
    ],
  },
  { kind: "heading", level: 2, id: "functions", text: "每个功能走一遍" },
  {
    kind: "paragraph",
    text:
      "一个服务器和两个客户端，各在自己的终端里。第二个客户端走完它的菜单，第一个在收消息。",
  },
  { kind: "heading", level: 3, text: "三个屏幕上的内容" },
  {
    kind: "screens",
    screens: [
      { title: "服务器：`parley-server --verbose`", text: SERVER },
      { title: "客户端 1：`listen`", text: LISTENER.zh },
      { title: "客户端 2：菜单", text: MENU.zh },
    ],
  },
  {
    kind: "findings",
    findings: [
      { claim: "客户端打印的是服务器的答复", holds: true },
      { claim: "客户端 1 确认之后，才出现“已送达”", holds: true },
      { claim: "服务器显示谁来了、问了什么", holds: true },
    ],
  },
  { kind: "heading", level: 3, text: "按时间先后" },
  {
    kind: "screens",
    screens: [
      { title: "客户端 1：`listen`", text: LISTENER.zh },
      { title: "客户端 2：菜单", text: MENU.zh },
    ],
  },
  { kind: "heading", level: 2, id: "cable", text: "拔掉客户端的网线" },
  {
    kind: "items",
    numbered: true,
    items: [
      "两个网络命名空间之间连一根网线（`veth`），一头是服务器，一头是客户端。",
      "拔掉网线：链路**断开**，谁也不会得到通知。",
      "10 分钟之后再插上，第二个客户端连上来。",
    ],
  },
  {
    kind: "picture",
    name: "states",
    svg: states(["客户端", "服务器", "两端的 TCP 状态", "拔掉网线"]),
    alt: "拔掉网线以后两端都停在 ESTABLISHED；服务器先放弃",
    caption: "两端的 TCP 状态，每 50 ms 向内核询问一次",
  },
  {
    kind: "console",
    where: "服务器一端，拔掉 3 s 以后",
    command: "ss -tanop '( sport = :2203 )'",
    output: SS,
  },
  {
    kind: "findings",
    findings: [
      { claim: "链路断开时客户端没有发出 `FIN`", holds: true },
      { claim: "两端都在 2 s（心跳间隔加超时）之内发现", holds: false },
      { claim: "旧的连接已经不在列表里", holds: true },
    ],
  },
  { kind: "heading", level: 3, text: "真实的网线" },
  {
    kind: "not-run",
    why: "只有 root 可以关闭网络接口，而这次不是以 root 运行的。",
    how: "`sudo deno task lab --only cable`",
  },
  { kind: "heading", level: 2, id: "burst", text: "一次发出一百个请求" },
  {
    kind: "paragraph",
    text:
      "客户端不等答复，连续发出 100 个请求。TCP 把其中许多个合成一段，所以段数*不是*发送次数；响应仍然是 100 个。",
  },
  {
    kind: "table",
    head: ["次数", "发出", "收到", "段数", "字节", "用时，ms"],
    figures: [0, 1, 2, 3, 4, 5],
    rows: Array.from({ length: 12 }, (_, i) => [
      `${i + 1}`,
      "100",
      "100",
      `${9 + (i * 7) % 5}`,
      (4520 + i * 66).toLocaleString("en"),
      (3.1 + (i * 0.37) % 2).toFixed(1),
    ]),
  },
  {
    kind: "console",
    command:
      "tshark -r burst.pcap -T fields -e frame.number -e frame.time_relative",
    output: TSHARK,
  },
  {
    kind: "findings",
    findings: [
      { claim: "12 次里每次都收到 100 个响应", holds: true },
      { claim: "段数少于发送次数", holds: true },
    ],
  },
  { kind: "heading", level: 2, id: "questions", text: "问题与回答" },
  {
    kind: "answer",
    question: "客户端需要 `bind` 吗？它的端口从哪里来？",
    answer:
      "不需要。`connect` 让内核从 `net.ipv4.ip_local_port_range` 里选一个临时端口。五次连接的端口是 43016、43018、43020、43022 和 43024：**每次都不同**。",
  },
  {
    kind: "answer",
    question: "服务器已经 `listen`、还没有 `accept` 时，`connect` 会成功吗？",
    answer:
      "会。内核自己完成三次握手，把连接放进等待队列；`accept` 只是把它取出来。",
  },
  {
    kind: "answer",
    question: "主动关闭之后是哪个 TCP 状态，持续多久？",
    answer:
      "TIME-WAIT，在 Linux 上是 60 s（实测 60.1 s）：报文段最长寿命的两倍。",
  },
];

/** A report as the lab could write it, with all kinds of blocks. */
export const SAMPLES: Readonly<Record<Language, Document>> = {
  en: {
    language: "en",
    title: "A protocol of one's own on TCP",
    subtitle:
      "Report of the computer-networks lab: what Parley's server and client do, seen on the wire",
    facts: [
      { name: "Name", value: "" },
      { name: "Student number", value: "" },
      { name: "Date", value: "22 November 2026, 22:34 (UTC+1)" },
      { name: "Machine", value: "Linux 6.1, x86_64, 2 cores" },
      { name: "Programs", value: "Parley 0.1.0, Deno 2.9.6" },
      { name: "Command", value: "`deno task lab`" },
    ],
    blocks: EN,
  },
  zh: {
    language: "zh",
    title: "在 TCP 之上设计自己的协议",
    subtitle:
      "计算机网络实验报告：Parley 的服务器和客户端做了什么，线路上看到了什么",
    facts: [
      { name: "姓名", value: "" },
      { name: "学号", value: "" },
      { name: "日期", value: "2026 年 11 月 22 日 22:34（UTC+1）" },
      { name: "机器", value: "Linux 6.1，x86_64，2 核" },
      { name: "程序", value: "Parley 0.1.0，Deno 2.9.6" },
      { name: "命令", value: "`deno task lab`" },
    ],
    blocks: ZH,
  },
};
