// Dialogs: what is sent, the polarity of a mask, the settings and the help.

import type { Texts } from "../index.ts";
import { bytes, count, share } from "./formats.ts";

export const sending: Texts["sending"] = {
  title: (host) => `发送到 ${host}？`,
  once: "以下内容会离开您的设备。每个主机只询问一次。",
  file: (kind, size) => `图片：${kind}，${bytes(size)}，已去除元数据`,
  jpeg: (quality) => `因文件超出接口限制，已重新编码为质量 ${quality} 的 JPEG`,
  explained: (line, explanation) => `${line}（${explanation}）`,
  address: "图片的网址；接口会自行下载",
  rectangles: (n) => `区域：${count(n)} 个矩形`,
  mask: (size) => `区域：遮罩，${bytes(size)}`,
  key: (header) => `您的密钥，位于请求头 ${header}`,
  upload: (host) => `文件会先上传到 ${host}`,
  hook: "文件会先以本网站提供的方式上传",
  readable: "该地址以 http 开头并指向另一台机器：途中的任何人都能读到这些内容。",
  send: "发送",
  doNotSend: "不发送",
};

export const mask: Texts["mask"] = {
  title: "遮罩中的哪一部分是标注？",
  white: (percent) => `白色：占 ${share(percent)}`,
  black: (percent) => `黑色：占 ${share(percent)}`,
  opaque: (percent) => `不透明：占 ${share(percent)}`,
  transparent: (percent) => `透明：占 ${share(percent)}`,
  cancel: "取消",
};

export const settings: Texts["settings"] = {
  title: "设置",
  overlayColour: "标注颜色",
  overlayOpacity: "标注不透明度",
  outline: "显示轮廓",
  penPressure: "用压感控制画笔大小",
  language: "语言",
  theme: "外观",
  automatic: "跟随系统",
  light: "浅色",
  dark: "深色",
};

export const help: Texts["help"] = {
  title: "快捷键与手势",
  gestures: {
    wheel: "滚轮或双指捏合",
    twoFingers: "双指",
  },
  groups: {
    tools: {
      title: "工具",
      lines: {
        brush: "画笔",
        eraser: "橡皮",
        rectangle: "矩形",
        lasso: "套索",
        polygon: "多边形",
        wand: "魔棒",
        pan: "抓手；按住空格临时切换",
        brushSize: "减小、增大画笔",
      },
    },
    marking: {
      title: "标注",
      lines: {
        arrows: "移动光标；Shift：大步移动；Ctrl：移动 1 像素",
        enter: "开始或结束标注、设定角点、用魔棒选取",
        escape: "放弃当前标注",
        delete: "删除选中的矩形",
        alt: "按住：从标注中减去",
        shift: "按住：画直线、正方形",
        invert: "反选",
        undo: "撤销",
        redo: "重做",
      },
    },
    view: {
      title: "视图",
      lines: {
        zoomIn: "放大",
        zoomOut: "缩小",
        fit: "适合窗口",
        actualSize: "100%",
        wheel: "缩放",
        twoFingers: "平移和缩放",
        compare: "按住：与修复前对比",
      },
    },
    commands: {
      title: "修复",
      lines: {
        repair: "修复",
        help: "打开本帮助",
      },
    },
  },
};
