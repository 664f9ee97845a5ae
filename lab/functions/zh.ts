import type { FunctionsTexts } from "./texts.ts";

/** 中文. */
export const zh: FunctionsTexts = {
  intro: ({ a, server, b }) =>
    "一个服务器和两个客户端菜单把全部功能做了一遍，各方屏幕上同时出现的内容并排放在一起。" +
    "三个程序都用 `--capture` 记录了自己收发的内容，不需要任何权限：" +
    `\`captures/${server}\`、\`captures/${a}\` 和 \`captures/${b}\`。` +
    "其中以太网、IP 和 TCP 的首部是补上的，TCP 自己的报文也是：" +
    "SYN 和 FIN 表示程序在那里建立和关闭了连接。字节、端口、顺序和时间是真实的。" +
    "下面的报文取自服务器的抓包文件。",
  parties: { a: "客户端 A", server: "服务器", b: "客户端 B" },
  names: {
    connect: "连接",
    time: "获取服务器时间",
    name: "获取服务器名字",
    list: "获取客户端列表",
    send: "发送消息",
    receive: "接收消息",
    refused: "发给不存在的编号",
    disconnect: "断开连接",
    quit: "退出",
    shutdown: "服务器退出",
  },
  explanations: {
    connect:
      "先是 TCP 三次握手，然后服务器先开口：`hello` 是一个指示，因为没有人请求它。" +
      "它告诉客户端自己的编号，以及服务器的各项限制。",
    time:
      "请求没有数据；响应带着同一个标识：自 1970 年起的毫秒数、服务器比 UTC 早多少分钟、" +
      "时区的名字。客户端按服务器当地的时间打印出来。",
    name: "与上面相同，只是数据是一段文本：服务器的名字。",
    list: "响应里有若干项，每一项的编号、端口、时间和地址各占固定的字段。" +
      "端口与报文 TCP 首部里的一致：一律采用网络字节序。",
    send:
      "菜单先取一次列表，好让人知道可以发给谁。然后服务器把文本作为指示转给客户端 B，并且等待：" +
      "B 回答之后，A 才得到响应。A 屏幕上的“已送达”表示 B 已经确认收到。",
    receive:
      "反过来再做一次：客户端 A 停在菜单上，消息带着发送者的编号、地址和端口显示出来。" +
      "文本逐字节原样送到，不论是什么语言：这里一个汉字占三个 UTF-8 字节，那只手占四个。",
    refused:
      "响应的状态不是 0，数据是一句给人看的说明。没有人收到任何东西；客户端打印服务器的原话。",
    disconnect:
      "客户端告别，服务器回答，客户端关闭连接。两个 FIN 都在，客户端的在先。",
    quit: "客户端 B 在连接着的时候退出。它先像上面那样断开，然后程序结束。",
    shutdown:
      "在服务器上按 Ctrl-C。它用一个不需要回答的指示告诉每个客户端为什么离开，然后关闭；客户端读到之后也立刻关闭，所以两个 FIN 谁先谁后都有可能。",
  },
  claims: {
    "greeted": "客户端最先收到的是 `hello`，其中的编号就是服务器屏幕上的编号。",
    "time-as-answered": "客户端屏幕上的时间就是响应里的时间。",
    "name-as-answered":
      "客户端屏幕上的名字就是响应里的名字，也就是服务器的名字。",
    "list-as-on-the-wire": "屏幕上的列表与各 TCP 连接的地址和端口一致。",
    "delivered-when-confirmed": "接收者确认之后，发送者才得到回答。",
    "message-shown": "消息原样出现在接收者的屏幕上。",
    "refusal-told":
      "发给不存在的编号会被拒绝，没有人收到消息，发送者的屏幕上写着原因。",
    "goodbye-answered":
      "客户端的告别得到回答，然后客户端关闭，再由服务器关闭。",
    "quit-says-goodbye": "退出时先告别，退出码是 0。",
    "shutdown-told": "服务器退出时把原因告诉客户端，双方关闭连接，退出码是 0。",
  },
  packets: (first, last, file) =>
    `\`captures/${file}\` 的第 ${first} 到 ${last} 个报文。`,
  drawnBefore: (name) => `列表的请求和响应与“${name}”一节相同，不再画出。`,
  inWireshark: "Wireshark 里的同一批报文",
  noShark: {
    why: "这里缺少 Wireshark 的视图：没有 `tshark`。",
    how: "`sudo apt install tshark`，然后重新运行。",
  },
};
