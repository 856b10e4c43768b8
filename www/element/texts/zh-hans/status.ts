// What the editor does and did, for the status line and for those who listen.

import type { Texts } from "../index.ts";
import { count, moment, share, zoom } from "./formats.ts";

export const stages: Texts["stages"] = {
  plan: "正在分析区域",
  solve: "正在填充区域",
  finish: "正在收尾",
  prepare: "正在准备要发送的内容",
  upload: "正在上传文件",
  send: "正在发送请求",
  fetch: "正在取回结果",
  wait: "正在等待接口",
  composite: "正在把区域放回图片",
};

export const status: Texts["status"] = {
  opening: "正在打开图片",
  encoding: "正在编码图片",
  importing: "正在读取遮罩",
  lookingForStrokes: "正在识别笔画",
  lookingForLikeColours: "正在查找相近颜色",

  opened: (name, width, height) => `已打开 ${name}：${width} × ${height} 像素。请标出不该出现的内容。`,
  openedUnreadable: (name, width, height) =>
    `已显示 ${name}：${width} × ${height} 像素。其主机不允许本页面读取，只有接受网址的接口才能修复。`,
  repaired: (inside, outside) =>
    `修复完成：区域内改变 ${count(inside)} 个像素，区域外改变 ${count(outside)} 个像素。`,
  repairedNothing: "已收到修复结果，但区域内没有任何变化。",
  delivered: (inside, outside) =>
    `按返回的样子显示：区域内改变 ${count(inside)} 个像素，区域外改变 ${count(outside)} 个像素。`,
  deliveredUnproven: "按返回的样子显示：本页面不能读取原图，无法说明区域外的像素。",
  halo: (n) => `标注略小：已一并处理其周围的 ${count(n)} 个像素（见“填充选项”）。`,
  putBack: (n) => `接口还改变了区域外的 ${count(n)} 个像素，已恢复原样。`,
  linkExpires: (seconds) => `接口的链接在 ${moment(seconds)} 前有效；图片已保存在此页面中。`,
  cancelled: "已取消。图片和标注保持原样。",
  saved: (name) => `已保存 ${name}。`,

  join: (sentences) => sentences.join(""),
};

export const announce: Texts["announce"] = {
  cursorAt: (x, y) => `${x}，${y}`,
  markStarted: "开始标注",
  markEnded: "标注完成",
  markGivenUp: "已放弃标注",
  cornerSet: (n) => `已设第 ${n} 个角点`,
  wandPicked: (percent) => `已选取：${share(percent)}`,

  undone: "已撤销",
  redone: "已重做",
  nothingToUndo: "没有可撤销的操作",
  nothingToRedo: "没有可重做的操作",
  cleared: "已清除标注",
  inverted: (percent) => `已反选，标注面积：${share(percent)}`,
  grown: (n) => `已扩展 ${count(n)} 像素`,
  shrunk: (n) => `已收缩 ${count(n)} 像素`,
  tightened: (before, after) => `已贴合笔画：标注从 ${share(before)} 减到 ${share(after)}`,

  rectangleDeleted: "已删除矩形",
  rectanglesCopied: (n) => `已复制 ${count(n)} 个矩形`,
  rectanglesPasted: (n) => `已粘贴 ${count(n)} 个矩形`,

  zoomedTo: (percent) => `缩放 ${zoom(percent)}`,
  showingBefore: "修复前",
  showingAfter: "修复后",
  maskImported: (percent) => `已导入遮罩，标注面积：${share(percent)}`,
  projectOpened: (n) => `已打开项目，共 ${count(n)} 步`,
  versionShown: (name) => `当前显示：${name}`,
};
