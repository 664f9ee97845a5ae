import type { Texts } from "./texts.ts";

/** 中文. */
export const zh: Texts = {
  choices: {
    connect: "连接服务器",
    disconnect: "断开连接",
    time: "获取服务器时间",
    name: "获取服务器名字",
    list: "列出客户端",
    send: "发送消息",
    quit: "退出",
    measure: "测量：一次发出许多请求",
    reconnect: "等待服务器并重新连接",
  },
  notConnected: "未连接",
  connectedTo: (server, where, id, since) =>
    `已连接到 ${server}（${where}），编号 ${id}，已有 ${since}`,
  connectFirst: "请先连接",
  alreadyConnected: "已经连接",
  notPossibleNow: (choice, why) => `现在不能选 ${choice}：${why}`,
  expectedChoice: (last, got) => `请输入 1 到 ${last} 的数字，而不是“${got}”`,
  serverAddress: "服务器地址",
  serverPort: "服务器端口",
  toNumber: "发给编号",
  text: "内容",
  howMany: "请求个数",
  otherAnswer: "输入其他编号",
  expectedHost: (got) => `请输入 IP 地址或主机名，而不是“${got}”`,
  expectedPort: (got) => `请输入 1 到 65535 的端口，而不是“${got}”`,
  expectedId: (got) => `请输入客户端的编号，而不是“${got}”`,
  expectedCount: (max, got) => `请输入 1 到 ${max} 的数字，而不是“${got}”`,
  connected: "连接成功",
  disconnected: (why) => why === "" ? "已断开" : `已断开：${why}`,
  waitingFor: (where) => `正在等待 ${where}`,
  stopWaiting: "不再等待",
  tryingAgain: (seconds) => `${seconds} 秒后重试`,
  connectedAs: (id) => `连接成功，编号 ${id}`,
  serverTime: (time) => `服务器时间：${time}`,
  serverName: (name) => `服务器名字：${name}`,
  delivered: (to, ms) => `已送达 ${to}，用时 ${ms} 毫秒`,
  notDelivered: (to, why) => `未送达 ${to}：${why}`,
  notSent: (text) => `没有发出：${text}`,
  enterFirst: "按回车继续",
  message: (from, where, text) => `来自 ${from}（${where}）：${text}`,
  listening: (id) => `正在收消息，编号 ${id}`,
  measured: (received, sent, reads, ms, perSecond) =>
    `${sent} 个请求收到 ${received} 个响应，读了 ${reads} 次，用时 ${ms} 毫秒` +
    `（每秒 ${perSecond} 个）`,
  measuring: "请求",
  you: "（自己）",
  columns: ["编号", "地址", "连接时间"],
  node: "节点",
  nodeColumns: [
    "节点",
    "地址",
    "客户端",
    "消息/秒",
    "已运行",
    "往返",
    "编号",
  ],
  missing: "没有应答",
  thisNode: "（本节点）",
  milliseconds: (ms) => `${ms} 毫秒`,
  duration(seconds) {
    if (seconds < 60) return `${seconds} 秒`;
    const minutes = Math.floor(seconds / 60);
    if (minutes < 60) return `${minutes} 分钟`;
    return `${Math.floor(minutes / 60)} 小时 ${minutes % 60} 分钟`;
  },
  menuHint: "按数字，或用 ↑ ↓ 和回车选择；Ctrl-D 退出",
  searchHint: "输入即搜索，用 ↑ ↓ 和回车选择",
};
