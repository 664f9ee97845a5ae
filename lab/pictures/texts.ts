import type {
  Command,
  FrameType,
  GoodbyeReason,
  ProtocolErrorCode,
  Status,
} from "../../protocol/mod.ts";
import type { Language } from "../language.ts";
import type { FieldKey, Note, Obscurity } from "./field.ts";

/** A text for each member of a table of numbers. */
type Names<Numbers> = Readonly<Record<keyof Numbers, string>>;

/**
 * Every text of the pictures in one language: one that lacks any does not
 * compile.
 */
export interface PictureTexts {
  /** The fields, in the words of SPEC.md. */
  readonly fields: Readonly<Record<FieldKey, string>>;
  /** The numbers that the protocol has names for. */
  readonly names: {
    readonly type: Names<typeof FrameType>;
    readonly command: Names<typeof Command>;
    readonly status: Names<typeof Status>;
    readonly reason: Names<typeof GoodbyeReason>;
    readonly code: Names<typeof ProtocolErrorCode>;
  };
  /** What certain values mean. */
  readonly notes: Readonly<Record<Note, string>>;
  /** Why bytes are shown as they are. */
  readonly obscurities: Readonly<Record<Obscurity, string>>;
  /** A number that the protocol has no name for. */
  readonly unknown: string;
  /** A number with its name. */
  readonly named: (number: number, name: string) => string;
  /** A value with what it means. */
  readonly noted: (value: string, note: string) => string;
  /** What is wrong, and more of it. */
  readonly because: (what: string, why: string) => string;
  /** A number of bytes. */
  readonly bytes: (count: number) => string;
  /** A number of milliseconds. */
  readonly milliseconds: (count: number) => string;
  /** A number of microseconds. */
  readonly microseconds: (count: number) => string;
  /** How far a clock is ahead of UTC, with its sign. */
  readonly minutes: (signed: string) => string;
  /** What stands in the middle of a frame that is too long to draw. */
  readonly moreBytes: (count: number) => string;
  /** What stands in the table in place of fields that are not drawn. */
  readonly moreFields: (count: number) => string;
  /** The same for entries of a list. */
  readonly moreEntries: (count: number) => string;
  /** The same for frames of a segment. */
  readonly moreFrames: (count: number) => string;
  /** A text in quotation marks. */
  readonly quoted: (text: string) => string;
  /** An entry of a list, counted from 1. */
  readonly entry: (entry: number) => string;
  /** The part of a frame before its payload. */
  readonly header: string;
  /** The rest of it. */
  readonly payload: string;
  /** A command that the protocol has no name for. */
  readonly unknownCommand: (command: number) => string;
  /** A packet that is no frame. */
  readonly noFrame: string;
  /** The columns of the table: a field's name, offset, size and value. */
  readonly columns: readonly [string, string, string, string];
  /** A text or a token of no bytes. */
  readonly empty: string;
  /** What is said of a frame in a line, from its parts. */
  readonly summary: (parts: readonly string[]) => string;
  /** Which id it has. */
  readonly idIs: (id: number) => string;
  /** Which status it has. */
  readonly statusIs: (status: string) => string;
  /** The unit of the times beside an exchange. */
  readonly ms: string;
}

const en: PictureTexts = {
  fields: {
    magic: "magic",
    version: "version",
    type: "type",
    command: "command",
    status: "status",
    id: "id",
    length: "payload length",
    newestVersion: "newest version",
    flags: "flags",
    ownNumber: "the client's number",
    largestPayload: "largest payload",
    longestText: "longest text",
    deliveryTimeout: "delivery timeout",
    name: "name",
    time: "time",
    utcOffset: "offset",
    zone: "zone",
    after: "after",
    limit: "limit",
    more: "more",
    count: "count",
    number: "number",
    connected: "connected",
    clients: "clients",
    messages: "messages",
    since: "since",
    roundTrip: "round trip",
    nameLength: "name length",
    rangeCount: "range count",
    firstNumber: "first number",
    lastNumber: "last number",
    port: "port",
    addressLength: "address length",
    address: "address",
    receiver: "receiver's number",
    sender: "sender's number",
    text: "text",
    reason: "reason",
    code: "code",
    faultOffset: "offset",
    token: "token",
    sentence: "sentence",
    payload: "payload",
    rest: "other bytes",
  },
  names: {
    type: {
      request: "request",
      response: "response",
      indication: "indication",
    },
    command: {
      hello: "hello",
      time: "time",
      name: "name",
      list: "list",
      send: "send",
      message: "message",
      ping: "ping",
      goodbye: "goodbye",
      error: "error",
      authenticate: "authenticate",
      nodes: "nodes",
    },
    status: {
      ok: "ok",
      unknownCommand: "unknown command",
      malformed: "malformed",
      textTooLong: "text too long",
      shuttingDown: "shutting down",
      serverError: "server error",
      tooManyRequests: "too many requests",
      tooManyUnanswered: "too many unanswered",
      wrongToken: "wrong token",
      unknownNumber: "unknown number",
      ownNumber: "own number",
      receiverGone: "receiver gone",
      receiverBusy: "receiver busy",
      notConfirmed: "not confirmed",
      receiverRefused: "receiver refused",
      unreachable: "unreachable",
      notListening: "not listening",
      notHandled: "not handled",
      incomplete: "incomplete",
    },
    reason: {
      leaving: "leaving",
      shuttingDown: "shutting down",
      serverFull: "server full",
      addressFull: "address full",
      noToken: "no token",
      lockedOut: "locked out",
      silent: "silent",
      notReading: "not reading",
      unfinishedFrame: "unfinished frame",
    },
    code: {
      badMagic: "bad magic",
      badVersion: "bad version",
      badType: "bad type",
      payloadTooLarge: "payload too large",
      truncated: "truncated",
      badPayload: "bad payload",
      badText: "bad text",
      outOfOrder: "out of order",
    },
  },
  notes: {
    noAnswer: "no answer expected",
    tokenWanted: "a token is wanted",
    noTokenWanted: "no token is wanted",
    fromTheBeginning: "from the beginning",
    asManyAsItLikes: "as many as the server likes",
    moreToCome: "there are others",
    noMore: "these are the last",
    answeringNode: "the node that answers",
    otherNode: "another node",
    missingNode: "it does not answer now",
    ipv4: "IPv4",
    ipv6: "IPv6",
  },
  obscurities: {
    unknownCommand: "the command is unknown",
    malformed: "does not fit the command",
    noFrame: "no frame",
    truncated: "the frame is not complete",
    behind: "behind the frame",
  },
  unknown: "unknown",
  named: (number, name) => `${number} ${name}`,
  noted: (value, note) => `${value} (${note})`,
  because: (what, why) => `${what}: ${why}`,
  bytes: (count) => count === 1 ? "1 byte" : `${thousands(count)} bytes`,
  milliseconds: (count) => `${thousands(count)} ms`,
  microseconds: (count) => `${thousands(count)} µs`,
  minutes: (signed) => `${signed} min`,
  moreBytes: (count) =>
    count === 1 ? "1 more byte" : `${thousands(count)} more bytes`,
  moreFields: (count) =>
    count === 1 ? "1 more field" : `${thousands(count)} more fields`,
  moreEntries: (count) =>
    count === 1 ? "1 more entry" : `${thousands(count)} more entries`,
  moreFrames: (count) =>
    count === 1 ? "1 more frame" : `${thousands(count)} more frames`,
  quoted: (text) => `"${text}"`,
  entry: (entry) => `entry ${entry}`,
  header: "header",
  payload: "payload",
  unknownCommand: (command) => `command ${command}`,
  noFrame: "no frame",
  columns: ["field", "offset", "size", "value"],
  empty: "empty",
  summary: (parts) => parts.join(", "),
  idIs: (id) => `id ${id}`,
  statusIs: (status) => `status ${status}`,
  ms: "ms",
};

/** 中文. */
const zh: PictureTexts = {
  fields: {
    magic: "魔数",
    version: "版本",
    type: "类型",
    command: "命令",
    status: "状态",
    id: "标识",
    length: "载荷长度",
    newestVersion: "最新版本",
    flags: "标志",
    ownNumber: "客户端编号",
    largestPayload: "最大载荷",
    longestText: "最长文本",
    deliveryTimeout: "送达时限",
    name: "名字",
    time: "时间",
    utcOffset: "时差",
    zone: "时区",
    after: "起始编号",
    limit: "数量上限",
    more: "后续",
    count: "条目数",
    number: "编号",
    connected: "连接时间",
    clients: "客户端数",
    messages: "每秒消息数",
    since: "启动时间",
    roundTrip: "往返时间",
    nameLength: "名字长度",
    rangeCount: "号段数",
    firstNumber: "首个编号",
    lastNumber: "末个编号",
    port: "端口",
    addressLength: "地址长度",
    address: "地址",
    receiver: "接收者编号",
    sender: "发送者编号",
    text: "文本",
    reason: "原因",
    code: "错误码",
    faultOffset: "偏移",
    token: "令牌",
    sentence: "说明",
    payload: "载荷",
    rest: "其余字节",
  },
  names: {
    type: { request: "请求", response: "响应", indication: "指示" },
    command: {
      hello: "hello（问候）",
      time: "time（时间）",
      name: "name（名字）",
      list: "list（列表）",
      send: "send（发送）",
      message: "message（消息）",
      ping: "ping（探测）",
      goodbye: "goodbye（告别）",
      error: "error（错误）",
      authenticate: "authenticate（认证）",
      nodes: "nodes（节点）",
    },
    status: {
      ok: "成功",
      unknownCommand: "未知命令",
      malformed: "格式错误",
      textTooLong: "文本过长",
      shuttingDown: "正在关闭",
      serverError: "服务器出错",
      tooManyRequests: "请求过多",
      tooManyUnanswered: "未响应的请求过多",
      wrongToken: "令牌错误",
      unknownNumber: "编号不存在",
      ownNumber: "自己的编号",
      receiverGone: "接收者已离开",
      receiverBusy: "接收者繁忙",
      notConfirmed: "未确认",
      receiverRefused: "接收者拒绝",
      unreachable: "无法到达",
      notListening: "不接收消息",
      notHandled: "未能处理",
      incomplete: "列表不完整",
    },
    reason: {
      leaving: "离开",
      shuttingDown: "正在关闭",
      serverFull: "服务器已满",
      addressFull: "该地址的连接已满",
      noToken: "没有令牌",
      lockedOut: "被锁定",
      silent: "没有回应",
      notReading: "不读取数据",
      unfinishedFrame: "帧未完成",
    },
    code: {
      badMagic: "魔数错误",
      badVersion: "版本错误",
      badType: "类型错误",
      payloadTooLarge: "载荷过大",
      truncated: "帧不完整",
      badPayload: "载荷错误",
      badText: "文本错误",
      outOfOrder: "次序错误",
    },
  },
  notes: {
    noAnswer: "不需要响应",
    tokenWanted: "需要令牌",
    noTokenWanted: "不需要令牌",
    fromTheBeginning: "从头开始",
    asManyAsItLikes: "由服务器决定",
    moreToCome: "后面还有",
    noMore: "后面没有了",
    answeringNode: "作答的节点",
    otherNode: "其他节点",
    missingNode: "目前没有应答",
    ipv4: "IPv4",
    ipv6: "IPv6",
  },
  obscurities: {
    unknownCommand: "命令未知",
    malformed: "不符合该命令的格式",
    noFrame: "不是帧",
    truncated: "帧不完整",
    behind: "帧以外的字节",
  },
  unknown: "未知",
  named: (number, name) => `${number} ${name}`,
  noted: (value, note) => `${value}（${note}）`,
  because: (what, why) => `${what}：${why}`,
  bytes: (count) => `${thousands(count)} 字节`,
  milliseconds: (count) => `${thousands(count)} 毫秒`,
  microseconds: (count) => `${thousands(count)} 微秒`,
  minutes: (signed) => `${signed} 分钟`,
  moreBytes: (count) => `省略 ${thousands(count)} 字节`,
  moreFields: (count) => `省略 ${thousands(count)} 个字段`,
  moreEntries: (count) => `省略 ${thousands(count)} 项`,
  moreFrames: (count) => `省略 ${thousands(count)} 帧`,
  quoted: (text) => `“${text}”`,
  entry: (entry) => `第 ${entry} 项`,
  header: "首部",
  payload: "载荷",
  unknownCommand: (command) => `命令 ${command}`,
  noFrame: "不是帧",
  columns: ["字段", "偏移", "大小", "值"],
  empty: "空",
  summary: (parts) => parts.join("，"),
  idIs: (id) => `标识 ${id}`,
  statusIs: (status) => `状态 ${status}`,
  ms: "毫秒",
};

/** The texts of the pictures, in each language. */
export const pictureTexts: Readonly<Record<Language, PictureTexts>> = {
  en,
  zh,
};

/** A number as people read it, its digits in threes. */
function thousands(count: number): string {
  return count.toLocaleString("en");
}
