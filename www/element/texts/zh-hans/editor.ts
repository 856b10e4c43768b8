// What stands round the picture: opening it, the tools, the view and the menus.

import type { Texts } from "../index.ts";
import { count, share, zoom } from "./formats.ts";

export const picture: Texts["picture"] = {
  picture: "图片",
  openPicture: "打开图片",
  trySample: "试用示例图片",
  dropHere: "把图片拖到这里、粘贴，或者打开一张",
  formats: "支持 JPEG、PNG、WebP、BMP 和 TIFF。图片不会离开本设备。",
  rights: "仅可用于您有权编辑的图片。",
  openAddress: "打开网址",
  pictureAddress: "图片地址",
  open: "打开",
  surfaceHelp: "方向键移动光标，回车键标注",
};

export const tools: Texts["tools"] = {
  tool: "工具",
  brush: "画笔",
  eraser: "橡皮",
  rectangle: "矩形",
  lasso: "套索",
  polygon: "多边形",
  wand: "魔棒",
  pan: "抓手",

  brushSize: "画笔大小",
  tolerance: "容差",
  pixels: (n) => `${count(n)} 像素`,

  undo: "撤销",
  redo: "重做",
  clear: "清除",
  invert: "反选",
  grow: "扩展",
  shrink: "收缩",
  /** Beside the number of it. */
  pixelUnit: "像素",
  growOrShrinkBy: "扩展或收缩",
  tighten: "贴合笔画",
  finishPolygon: "完成多边形",

  x: "X",
  y: "Y",
  width: "宽",
  height: "高",
  deleteRectangle: "删除矩形",
  copyRectangles: "复制矩形",
  pasteRectangles: "粘贴矩形",

  markedShare: "标注比例",
  marked: (percent) => `标注面积：${share(percent)}`,
  limit: "接口最多接受 50%",
  overLimit: "已超过接口接受的 50%；仍可在本浏览器中修复",
};

export const view: Texts["view"] = {
  zoomIn: "放大",
  zoomOut: "缩小",
  fit: "适合窗口",
  percent: (n) => zoom(n),
  compare: "对比",
  before: "修复前",
  after: "修复后",
  holdToCompare: "按住对比",
  sideBySide: "并排显示",
};

export const menus: Texts["menus"] = {
  more: "更多",
  region: "区域",
  result: "结果",
  repair: "修复",
  versions: "版本",
  settings: "设置",
  help: "帮助",
  close: "关闭",
  dismiss: "关闭提示",
};
