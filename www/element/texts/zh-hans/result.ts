// Repairing, what came of it, and what goes into files.

import type { Texts } from "../index.ts";
import { moment, share } from "./formats.ts";

export const repair: Texts["repair"] = {
  repairAt: "修复位置",
  inThisBrowser: "在本浏览器中",
  noteBrowser: "任何内容都不会离开本设备。",
  repair: "修复",
  cancel: "取消",
  progress: "进度",
  asDelivered: "按接口返回的样子显示整张图片",
  openResult: "打开结果",
  linkUntil: (seconds) => `链接在 ${moment(seconds)} 前有效。`,
};

export const fill: Texts["fill"] = {
  options: "填充选项",
  quality: "质量",
  fast: "快速：平滑",
  balanced: "均衡",
  best: "最佳：较慢",
  expand: "标注外扩",
  halo: "一并处理标注边缘的残留",
  seed: "变体",
  another: "换一个变体",
  area: "取材范围",
  takeArea: { only: "仅已标注处", not: "已标注处以外" },
  areaNote: "先标注取材处并选择，再标注要去除的内容。",
  areaSet: {
    only: (percent) => `仅从该区域取材${percent === null ? "" : `（占图片 ${share(percent)}）`}`,
    not: (percent) => `不从该区域取材${percent === null ? "" : `（占图片 ${share(percent)}）`}`,
  },
  areaTaken: {
    only: (percent) => `仅从图片的 ${share(percent)} 取材。现在请标注要去除的内容。`,
    not: (percent) => `从图片 ${share(percent)} 以外取材。现在请标注要去除的内容。`,
  },
  areaDropped: "可从任意位置取材。",
  dropArea: "恢复为任意位置",
  note: "变体只影响较宽的部分。",
};

export const versions: Texts["versions"] = {
  original: "原图",
  version: (n) => `版本 ${n}`,
  versionFrom: (n, base) => `版本 ${n}（基于版本 ${base}）`,
  continueFromHere: "从此版本继续",
};

export const files: Texts["files"] = {
  format: "格式",
  png: "PNG：区域以外完全不变",
  jpeg: "JPEG：文件更小，整张图片重新编码",
  download: "下载",
  importMask: "导入遮罩",
  exportMask: "导出遮罩",
  holePng: "标注处透明的图片（PNG）",
  saveProject: "保存项目",
  openProject: "打开项目",
};
