import {
  clientAfterQuit,
  looksOut,
  moments,
  outcome,
  quietAtLast,
  seconds,
  serverStates,
} from "./in_words.ts";
import { promisedMs } from "./judge.ts";
import type { CableTexts } from "./texts.ts";

/** 中文. */
export const zh: CableTexts = {
  setup: () =>
    "一台交换机上接着两台机器：一台运行服务器，一台运行客户端。" +
    "（它们是这台电脑上的网络命名空间，交换机是一个网桥，对 TCP 来说没有区别。）" +
    "把客户端机器的网线从交换机上拔下来：什么也过不去，而服务器自己的网线还插着。",
  shortened: ({ full, orphanRetries, without }) =>
    full
      ? `这次是完整运行，内核与 Parley 的时间都没有改动：网线拔出了 ${
        seconds(without.outMs)
      }。`
      : `这次缩短了时间：网线只拔出 ${
        seconds(without.outMs)
      } 而不是十分钟；并且让客户端机器的内核对已不属于任何程序的连接只重传 ` +
        `${orphanRetries} 次就放弃，而不是 8 次（\`tcp_orphan_retries\`），` +
        "这样它会在这段时间之内放弃。用 `--full` 可按真实时间运行。",
  serverMachine: "服务器的机器",
  clientMachine: "客户端的机器",

  withoutHeading: "关闭心跳",
  withoutSteps: ({ without: { quitter, stayer } }) => [
    "服务器和客户端都带 `--ping-interval 0` 运行：没有人询问对方是否还在。",
    `客户端 ${quitter.id} 和 ${stayer.id} 连接，然后拔掉网线。`,
    `服务器旁边的人请求列表，并给客户端 ${stayer.id} 发一条消息。`,
    `客户端 ${quitter.id} 退出（菜单第 7 项），客户端 ${stayer.id} 留着。`,
    `等一段时间。然后插上网线，一个新的客户端连接，请求列表，并给客户端 ${quitter.id} 发一条消息。`,
  ],
  statesHead: [
    "网线拔出",
    "刚发生了什么",
    "1 退出：服务器端",
    "1 退出：客户端",
    "2 留下：服务器端",
    "2 留下：客户端",
  ],
  statesCaption: "用 `ss` 看到的两条连接在两端的 TCP 状态。ESTAB 即 " +
    "ESTABLISHED；“-”表示连接已经不存在。",
  moments: {
    connected: "两个客户端都已连接",
    pulled: "拔掉网线",
    sent: "发出一条消息，没有得到确认",
    quit: "其中一个客户端退出",
    waiting: "等待",
    waited: "等待；随后插上网线",
    plugged: "新的客户端连接",
    asked: "新的客户端发出一条消息",
  },
  lookAt: (machine, moment) => `${machine}：${moment}`,
  cableIn: "否",
  states: ({ without }) =>
    "拔掉网线什么也没有改变：没有内容要发时 TCP 什么也不发，所以两端都无从得知。" +
    `退出的客户端先告别，等不到回答就关闭连接，进入 **${
      clientAfterQuit(without)
    }**。` +
    "它的 Send-Q 里是告别的字节和排在后面的 FIN（算一个字节），都得不到确认。" +
    "它的内核一次次重传排在最前面的告别，最后放弃，连接在那一端就消失了。" +
    `服务器一端在全部 ${looksOut(without).length} 次观察中都是 **${
      serverStates(without).join("、")
    }**。`,
  wire: ({ without }, files) => {
    const { wire } = without;
    return wire.kind === "captured"
      ? "发出 FIN 了吗？网线拔出期间，在两台机器的网卡上都抓了包" +
        `（\`captures/${files.clients}\`、\`captures/${files.server}\`）：` +
        `客户端的 FIN 有 **${wire.clients.fins}** 个离开了它的机器，` +
        `有 **${wire.server.fins}** 个到达服务器的机器。（没有网线的网卡什么也送不出去。）` +
        `服务器的内核把那条消息发送了 ${wire.server.messagesMs.length} 次，` +
        "每次间隔更长，都没有回音：从第一次算起，分别在 " +
        `${moments(wire.server.messagesMs)} s。` +
        (quietAtLast(without)
          ? "此后它的机器不再知道对方的硬件地址，询问（ARP）也没有回答：" +
            "TCP 的重传在等它，没有到达线路上。"
          : "")
      : "";
  },
  whileOut:
    "与此同时，在服务器旁边：两个客户端都还在列表里，而消息被报告为没有送达。" +
    "调用 `send` 之后就打印“成功”的程序，在这里也会说成功，因为内核收下了这条消息。",
  pluggedHeading: "重新插上网线",
  plugged: (
    { without: { quitter, wire, listAnew, sendToQuitter, listAfter } },
  ) =>
    `新的客户端得到编号 ${listAnew.self}。` +
    (listAnew.others.includes(quitter.id)
      ? `旧连接 ${quitter.id} **仍然在列表里**，虽然它的客户端早就不在了。`
      : `旧连接 ${quitter.id} 已经不在列表里。`) +
    `发给它的消息以 **${outcome(sendToQuitter)}** 告终：` +
    "报文到达一台对这条连接一无所知的机器，对方用复位（RST" +
    (wire.kind === "captured" && wire.server.reset !== undefined
      ? `，\`captures/${wire.files.server}\` 的第 ${wire.server.reset} 个包`
      : "") +
    "）回答，服务器由此得知" +
    (listAfter.others.includes(quitter.id)
      ? "，但之后它还在列表里。"
      : "；现在它不在列表里了。"),
  late: ({ without: { stayer, late } }) =>
    late === undefined
      ? `程序一直没有退出的客户端 ${stayer.id}，在观察期间没有显示先前那条消息。`
      : `程序一直没有退出的客户端 ${stayer.id}，在插上网线 ${
        seconds(late.ms)
      } 之后显示了先前那条消息：服务器的内核一直保存着它。` +
        "发送者当时得到的回答是“没有确认”，那正是当时所知道的；Parley 并没有说它永远不会到达。",

  withHeading: "打开心跳",
  withSetup: ({ with: { pingIntervalMs, pingTimeoutMs } }) =>
    `打开心跳再做一次：${
      seconds(pingIntervalMs)
    } 没有听到任何内容就询问对方，再过 ${
      seconds(pingTimeoutMs)
    } 就认为连接已经断了（\`--ping-interval\`、\`--ping-timeout\`；` +
    "服务器默认是 10 s 和 5 s）。网线一拔出就发一条消息。",
  serverLog: "服务器的日志",
  clientScreen: "客户端的屏幕",
  withOutcome: ({ with: beating }) =>
    `拔掉网线 **${seconds(beating.goneMs)}** 之后服务器就知道了，客户端是 ${
      seconds(beating.clientMs)
    } 之后；承诺的时间是 ${seconds(promisedMs(beating))}。消息以 **${
      outcome(beating.send)
    }** 告终，列表里不再有这个客户端；插上网线后，它以编号 ${beating.again} 重新连接。`,

  questionsHeading: "实验的问题",
  answers: ({ without, with: beating }) => [
    {
      question: "客户端退出时，它的 TCP 状态有变化吗？",
      answer:
        `有：从 ESTAB 变为 ${
          clientAfterQuit(without)
        }，因为它关闭了连接，而它的 FIN 没有人确认；` +
        "随后内核放弃，连接消失。只拔网线则什么变化也没有。",
    },
    {
      question: "发出 FIN 了吗？",
      answer: without.wire.kind === "captured"
        ? "TCP 产生了一个 FIN，因此处于 FIN-WAIT-1，但它哪里也没有到：" +
          `离开客户端机器的 FIN 有 ${without.wire.clients.fins} 个，` +
          `到达服务器机器的有 ${without.wire.server.fins} 个。`
        : "不知道：需要抓包。",
    },
    {
      question: "服务器的 TCP 状态在十分钟之内有变化吗？",
      answer:
        `在网线拔出的 ${seconds(without.outMs)} 里一直是 ${
          serverStates(without).join("、")
        }` +
        (without.outMs < 600_000
          ? "（这是缩短的时间，`--full` 会观察十分钟）。"
          : "。") +
        "Linux 不会更早察觉：没有数据在途时，它的 keepalive 两小时之后才第一次询问，" +
        "而且要程序打开它（见上面的 `keepalive`）；得不到确认的数据，" +
        "它要超过 15 分钟才放弃（`tcp_retries2`）。",
    },
    {
      question: "插上网线重新连接，旧连接还在列表里吗？",
      answer: without.listAnew.others.includes(without.quitter.id)
        ? "没有心跳时还在，直到有人给它发消息，或者几个小时之后内核的 keepalive " +
          `前去询问。有心跳时，拔掉网线 ${
            seconds(beating.goneMs)
          } 之后它就不在列表里了。`
        : "不在。",
    },
    {
      question: "给它发一条消息会怎样？",
      answer: `没有人会被告知“成功”：网线拔出时是 ${
        outcome(without.send)
      }，插上之后是 ${outcome(without.sendToQuitter)}，有心跳时是 ${
        outcome(beating.send)
      }。`,
    },
  ],

  claims: ({ without, with: beating }) => ({
    "pull-unnoticed": "拔掉网线时，两端的内核都没有察觉",
    "quit-changes-client": "退出的客户端处于 FIN-WAIT-1：它的 FIN 没有得到确认",
    "no-fin": "没有 FIN 到达服务器",
    "server-unchanged": "只要网线没有插上，服务器一端就一直是 ESTAB",
    "stays-listed":
      "没有心跳时，已经死去的客户端留在列表里，重新连接的客户端也会看到它",
    "not-delivered": `发给网线另一边的消息被报告为没有送达，在服务器等待的 ${
      seconds(without.deliveryTimeoutMs)
    } 之内`,
    "quitter-not-delivered": "发给已经退出的客户端的消息被报告为没有送达",
    "quitter-leaves": "在这条消息之后，已经死去的客户端不在列表里了",
    "gone-in-time": `有心跳时，它在承诺的 ${
      seconds(promisedMs(beating))
    } 之内（机器繁忙时再加一秒）离开列表`,
    "not-delivered-when-gone": "此间发给它的消息被报告为没有送达",
    "client-finds-out": "客户端同样及时得知，说明原因，并且可以重新连接",
  }),
};
