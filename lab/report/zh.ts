import type { ReportTexts } from "./texts.ts";

/** 中文. */
export const zh: ReportTexts = {
  title: "TCP 上的应用层协议：实验报告",
  subtitle: "实验的每个功能和每项试验，都在这台机器上用真实的程序运行。" +
    "下面的每个数字、每个屏幕、每个报文都出自这一次运行。",
  facts: (
    { parley, deno, system, processors, wireshark, root, full },
    date,
  ) => [
    { name: "姓名", value: "" },
    { name: "学号", value: "" },
    { name: "生成时间", value: date },
    { name: "程序", value: `\`parley-server\` 和 \`parley-client\` ${parley}` },
    { name: "运行环境", value: `Deno ${deno}` },
    { name: "机器", value: `${system}，${processors} 个处理器` },
    { name: "Wireshark", value: wireshark ?? "没有安装" },
    {
      name: "运行方式",
      value: `以${root ? " root " : "普通用户"}身份，` +
        (full ? "完整运行" : "缩短了时间：`--full` 会等满十分钟"),
    },
  ],
  failed: (message) => ({
    why: `这项试验中断了：${message}`,
    how: "请重新运行；如果再次中断，说明程序或机器有问题。",
  }),
  again: {
    title: "怎样重新运行",
    intro:
      "这里的一切都出自一条命令。`captures/` 里的抓包文件可以用 Wireshark 打开；" +
      "装上 `protocol/parley.lua` 之后它会显示每个字段（见 `docs/wireshark.md`）。" +
      "`observations.json` 是全部测量数据。",
    head: ["命令", "作用"],
    commands: [
      ["`deno task lab`", "全部；需要 root 的部分会在原处说明"],
      ['`sudo env "PATH=$PATH" deno task lab`', "包括拔网线，并在线路上抓包"],
      ["`deno task lab --full`", "等满十分钟"],
      ["`deno task lab --lang en`", "英文"],
      ["`deno task lab --only cable,questions`", "只做其中几项"],
    ],
  },
};
