import { figure } from "../figure.ts";
import type { Texts } from "./texts.ts";

/** 中文. */
export const zh: Texts = {
  questions: {
    localPort: "客户端是否需要调用 bind？它的端口从哪里来，每次连接都相同吗？",
    beforeAccept: "服务器已调用 listen、尚未调用 accept 时，connect 能否成功？",
    segments: "TCP 报文段的个数是否等于 send 的次数？",
    tellingApart: "多个客户端连接到同一个端口，服务器怎样区分它们？",
    timeWait: "主动关闭之后进入哪个 TCP 状态，持续多久？",
    silentClient: "客户端断网之后，服务器怎样才能发现？",
  },
  answers: {
    localPort({ ports, range }) {
      const different = new Set(ports).size;
      return `**不需要。** Parley 的客户端从不调用 bind：调用 connect 时，内核从 ` +
        `${range.first} 到 ${range.last}（\`ip_local_port_range\`）中分配一个` +
        `空闲端口。各次连接的端口一般不同：${ports.length} 次连接用了 ` +
        `**${different} 个不同的端口**，在 ${Math.min(...ports)} 到 ` +
        `${Math.max(...ports)} 之间。只有服务器需要 bind，因为客户端必须事先` +
        `知道它的端口。`;
    },
    beforeAccept: ({ connectMs, sent, read }) =>
      `**能成功。** connect 用 ${
        connectMs.toFixed(1)
      } 毫秒就返回了，此时还没有` +
      `调用 accept：三次握手由内核完成，建立好的连接放在监听套接字的队列里` +
      `（其 Recv-Q 为 1）。连接两端都是 ESTAB，客户端发出的 ${sent} 个字节也` +
      `已到达。accept 只是把连接从队列中取出，第一次读就得到了全部 ${read} 个` +
      `字节。`,
    segments({ sendings }) {
      const of = (way: string) => sendings.find((each) => each.way === way)!;
      const [small, large] = [of("small"), of("large")];
      return `**不等于**，可多可少。${small.writes} 次各 ` +
        `${
          small.bytes / small.writes
        } 字节的 send 只用了 ${small.segments} 个` +
        `报文段；${large.writes} 次 send 发出的 ${figure(large.bytes)} 字节却` +
        `用了 ${large.segments} 个。TCP 传送的是字节流，怎样分段由它自己决定；` +
        `另一端读完前者用了 ${small.reads} 次，读完后者用了 ${large.reads} 次。`;
    },
    tellingApart: ({ port, ids }) =>
      `靠四元组：本端地址和端口、对端地址和端口。${ids.length} 个连接在服务器` +
      `一端都是端口 ${port}，客户端一端各不相同；内核为每个四元组保留一个独立的` +
      `套接字，accept 返回的就是它。此外 Parley 给每个连接一个编号，用户不必` +
      `输入端口。`,
    timeWait({ closed, restart }) {
      const seconds = closed.map(({ goneMs }) => (goneMs! / 1000).toFixed(1));
      return `依次经过 FIN-WAIT-1（FIN 已发出）和 FIN-WAIT-2（FIN 已得到确认），` +
        `进入 **TIME-WAIT**，而且只在先关闭的一方：客户端先离开就在客户端，` +
        `服务器先关闭（客户端等它关闭）就在服务器。TCP 规定持续 2 MSL，按 RFC 9293 ` +
        `是 4 分钟，Linux 固定取 60 秒；每秒` +
        `查看两次，两次实验分别在 ${seconds.join(" 秒和 ")} 秒后消失。` +
        (restart.listens
          ? `在此期间服务器仍能在同一端口重新启动，因为 Deno 为监听套接字设置了 ` +
            `SO_REUSEADDR。`
          : "");
    },
    silentClient(seen, { idle }) {
      const { pingIntervalMs, pingTimeoutMs, foundAfterMs, unread } = seen;
      const told = (pingIntervalMs + pingTimeoutMs) / 1000;
      return `只有主动询问，或者发出需要对方回应的数据：断网的一方不会发出 FIN。` +
        `Parley 的服务器向久无消息的客户端发 ping；这里设定共等待 ${told} 秒，` +
        `被冻结的客户端在 **${
          (foundAfterMs / 1000).toFixed(2)
        } 秒**后从列表中` +
        `去掉。内核自己什么也没有发现：它替客户端确认了这个 ping（${unread} 个` +
        `字节留在客户端的 Recv-Q 中无人读取），两端一直是 ESTAB；如果对方的机器` +
        `真的消失了，内核的 keepalive 要 ${
          duration(idle)
        }才能发现。拔网线的实验` +
        `用真正断开的线路做了同样的事。`;
    },
  },
  unexpected: "这里测到的结果与预期不同，详见下面的结论。",
  claims: {
    "ports-from-range": "每个端口都在内核自动分配的范围内",
    "ports-change": "端口并非每次都相同",
    "connect-before-accept":
      "调用 accept 之前 connect 就已成功，连接在队列中等待",
    "data-before-accept": "accept 之前发出的数据在第一次读时就全部得到",
    "fewer-segments": "多次小的 send 用较少的报文段发出",
    "more-segments": "一次大的 send 用较多的报文段发出",
    "one-port": "所有连接在服务器一端的端口相同",
    "ends-differ": "任何两个连接在客户端一端的端口都不同",
    "list-agrees": "Parley 的列表与内核给出的端口一致",
    "client-waits": "客户端先关闭时，TIME-WAIT 在客户端，服务器一端什么也不剩",
    "server-waits": "服务器先关闭时，TIME-WAIT 在服务器，客户端一端什么也不剩",
    "a-minute": "持续一分钟",
    "port-again": "端口处于 TIME-WAIT 时，服务器仍能在该端口启动",
    "kernel-unaware": "内核替被冻结的客户端确认了 ping，两端一直是 ESTAB",
    "silence-found": "服务器在 ping 间隔加超时之后至多一秒内发现，并写入日志",
  },

  logOf: (runs, command) => `服务器日志：${runs} 次 \`${command}\``,
  beforeAccept: "accept 之前",
  afterAccept: "accept 并读取之后",
  ways: {
    small: "多次小的 send",
    "small-at-once": "同上，设置 TCP_NODELAY",
    large: "一次大的 send",
  },
  segmentsHead: [
    "方式",
    "send 次数",
    "字节",
    "带数据的报文段",
    "最大报文段",
    "读次数",
  ],
  segmentsCaption: "每种方式各用一个环回连接；报文段数来自发送方内核的计数" +
    "（`ss -i` 的 `data_segs_out`），读次数在另一端统计。最大报文段即 MSS，以" +
    "字节计；Linux 使它不超过对方所给窗口的一半，而窗口随着收到的数据增大。",
  segmentsWhy: (readSize, mtu) => [
    "小的 send 会合并：按 Nagle 算法，只要还有数据未被确认，内核就把后面写入的" +
    "数据攒在一起再发。",
    "设置 TCP_NODELAY 后不再等待确认，但个数仍不一定等于 send 的次数：在途的" +
    "已经够多而暂时不能发出的数据同样会合并。",
    `大的 send 会拆开：一个报文段最多装 MSS 那么多字节，而 MSS 由接口的 MTU ` +
    `决定。环回接口的 MTU 是 ${
      figure(mtu)
    }；以太网通常是 1,500，报文段会多得多。`,
    `一次读取走当时已有的数据（这里最多 ${
      figure(readSize)
    } 字节），与它们怎样` +
    `到达无关。`,
  ],
  sender: (way) => `发送方，${way}`,
  endsHead: ["编号", "客户端一端", "服务器一端"],
  endsCaption: "服务器的套接字，以及 Parley 列表中各客户端的编号。",
  closedFirst: {
    client: "客户端先离开之后",
    server: "服务器先关闭、客户端等它关闭之后",
  },
  waitsHead: [
    "先关闭的一方",
    "TIME-WAIT 的本端",
    "对端",
    "最后看到（秒）",
    "消失（秒）",
  ],
  waitsCaption: "从它出现时起，用 `ss` 每秒查看两次。",
  sides: { client: "客户端", server: "服务器" },
  notGone: "未消失",
  restart: "处于 TIME-WAIT 时",
  restartSockets: "与此同时",
  frozen: "客户端被冻结（SIGSTOP），ping 无人读取",
  patienceHead: ["由谁", "情形", "多久后发现"],
  patienceCaption: "发现对方已经不在所需的时间。内核的时间由上面的设置算出，" +
    "Parley 的时间是实测的。",
  patience({ settings, defaults, pingIntervalMs, foundAfterMs }, patience) {
    const { keepaliveTime, keepaliveInterval, keepaliveProbes } = settings;
    const { idle, sending } = patience;
    return [
      ["内核，未设 SO_KEEPALIVE", "没有数据要发", "永远不会"],
      [
        "内核，设了 SO_KEEPALIVE",
        "没有数据要发",
        `${keepaliveTime} 秒 + ${keepaliveProbes} × ${keepaliveInterval} 秒 = ` +
        duration(idle),
      ],
      [
        "内核",
        "发出的数据得不到确认",
        `重传 ${settings.retries} 次：至少 ${duration(sending)}`,
      ],
      [
        "Parley 的默认值",
        `${defaults.interval} 秒没有听到对方：发 ping`,
        `${defaults.interval} 秒 + ${defaults.timeout} 秒`,
      ],
      [
        "Parley 在这里",
        `${pingIntervalMs / 1000} 秒没有听到对方：发 ping`,
        `实测 ${(foundAfterMs / 1000).toFixed(2)} 秒`,
      ],
    ];
  },
  silentLog: (command) => `\`${command}\` 的日志`,
};

/** 给人看的秒数：`2 小时 11 分`、`15 分 25 秒`。 */
function duration(seconds: number): string {
  const whole = Math.round(seconds);
  const [h, min, s] = [
    Math.floor(whole / 3600),
    Math.floor(whole % 3600 / 60),
    whole % 60,
  ];
  if (h > 0) return `${h} 小时 ${min} 分`;
  return min > 0 ? `${min} 分 ${s} 秒` : `${s} 秒`;
}
