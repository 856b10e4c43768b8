// Errors in 简体中文, made from the same details as the English message. The table is complete by its
// type: a new code does not compile without its line.

import type { ErrorCode, ErrorDetails, ReweaveError } from "../../../lib/errors.ts";
import { adviceOn, type Advice } from "../advice.ts";
import { count, share } from "./formats.ts";

type Messages = { readonly [Code in ErrorCode]: (details: Extract<ErrorDetails, { code: Code }>) => string };

export function errorText({ code, details }: ReweaveError): string {
  // TypeScript does not see that code and details belong together.
  const message = messages[code] as (details: ErrorDetails) => string;
  return `${message(details)}${adviceOn(details, advice) ?? ""}`;
}

const because = (text: string | null): string => (text ? `：${text}` : "");

const messages: Messages = {
  "empty-file": () => "文件是空的（0 字节）。",
  "not-a-picture": ({ head }) => `这不是可以读取的图片：开头的字节是 ${head}（支持 JPEG、PNG、WebP、BMP 和 TIFF）。`,
  "gif-refused": () => "不支持修复 GIF：请先转换为 PNG 或 JPEG。",
  "picture-broken": ({ format, reason }) => `无法读取该 ${format} 文件：${reason}。`,
  "file-too-large": ({ bytes, max }) => `文件有 ${count(bytes)} 字节，最多接受 ${count(max)} 字节。`,
  "picture-dimensions": ({ width, height, maxWidth, maxHeight }) =>
    `图片为 ${width} × ${height} 像素，最多接受 ${maxWidth} × ${maxHeight}。`,
  "picture-url": () => "图片地址不是完整的 http 或 https 网址。",
  "picture-status": ({ status }) => `图片地址回答 HTTP ${status}。`,
  "picture-unreachable": () => "在图片地址处没有找到可以显示的图片。",
  "picture-unreadable": () => "图片所在的主机不允许本页面读取它（CORS）：只有接受网址的接口才能修复。",
  memory: ({ needed, max }) => `需要 ${count(needed)} 字节内存，最多可用 ${count(max)} 字节。`,
  encode: ({ format, reason }) => `无法编码为 ${format}：${reason}。`,
  "sample-count": ({ actual, expected }) => `给出了 ${count(actual)} 个采样值，需要 ${count(expected)} 个。`,
  "rectangle-not-integer": ({ index, field, value }) => `第 ${index} 个矩形：${field} 为 ${value}，必须是整数。`,
  "rectangle-too-small": ({ index, field, value, min }) => `第 ${index} 个矩形：${field} 为 ${value}，不得小于 ${min}。`,
  "rectangle-outside": ({ index, field, end, max }) =>
    `第 ${index} 个矩形：${field} 方向到 ${end} 为止，图片只到 ${max}。`,
  "too-many-rectangles": ({ count, max }) => `给出了 ${count} 个矩形，最多接受 ${max} 个。`,
  "rectangles-malformed": ({ reason }) => `矩形必须是带 x、y、width、height 的对象列表：${reason}。`,
  "empty-mask": () => "没有标注任何内容：要修复的像素为 0，至少需要 1 个。",
  "full-mask": () => "整张图片都被标注了：至少要留下 1 个像素。",
  "mask-size": (d) => `遮罩为 ${d.width} × ${d.height} 像素，图片为 ${d.pictureWidth} × ${d.pictureHeight}。`,
  "search-area": ({ side }) => `取材区域内没有任何完整的 ${side} × ${side} 像素块可用来填补标注的部分。`,
  coverage: ({ percent, maxPercent }) => `已标注图片的 ${share(percent)}，最多接受 ${maxPercent}%。`,
  "no-such-version": ({ version }) => `图片没有第 ${version} 个版本。`,
  "no-strokes": ({ area }) =>
    `在 (${area.x}, ${area.y}) 处 ${area.width} × ${area.height} 像素的区域内没有找到笔画：那里没有从背景中突出的文字、线条或标志。`,
  "project-malformed": ({ reason }) => `无法读取项目文件：${reason}。`,
  "project-version": ({ version, max }) => `项目文件的版本为 ${version}，此处最多可读取版本 ${max}。`,
  "out-of-range": ({ name, value, min, max }) => `${name} 为 ${value}，必须在 ${min} 到 ${max} 之间。`,
  "out-of-order": ({ call, reason }) => `现在不能执行（${call}）：${reason}。`,
  "endpoint-url": () => "接口地址不是完整的 http 或 https 网址。",
  "header-name": ({ name }) => `“${name}” 不能用作密钥的请求头名称。`,
  "key-missing": () => "该接口需要密钥，但没有填写。",
  "upload-needed": () => "该接口只接受网址：请设置上传方式，让图片先得到一个网址。",
  "upload-url": () => "上传地址不是完整的 http 或 https 网址。",
  "upload-name": () => "上传地址中需要有 {name}：要上传一张图片和一张遮罩。",
  "upload-status": ({ status }) => `上传地址回答 HTTP ${status}。`,
  "upload-unreachable": () => "无法连接到上传主机，或者它不允许本页面访问（CORS）。",
  "upload-reply": () => "上传后的回答中没有完整的 http 或 https 网址。",
  "url-length": ({ characters, max }) => `网址有 ${count(characters)} 个字符，最多接受 ${count(max)} 个。`,
  "key-characters": () => "密钥中有请求头不能携带的字符。",
  unreachable: () => "无法连接到接口，或者接口不允许本页面读取它的回答（CORS）。",
  "http-status": ({ status, message }) => `接口回答 HTTP ${status}${because(message)}。`,
  "json-status": ({ status, message }) => `接口回答状态 ${status}${because(message)}。`,
  "reply-not-json": ({ found }) => `接口的回答不是 JSON，而是 ${found}：地址是否正确？`,
  "reply-incomplete": ({ field }) => `接口的回答缺少 ${field}。`,
  "task-failed": ({ state, detail }) => `接口修复失败：state ${state}${because(detail)}。`,
  deadline: ({ seconds }) => `接口没有在 ${seconds} 秒内完成。`,
  "result-link": () => "结果地址不是 http、https 或 data:image 地址。",
  "result-status": ({ status }) => `无法取得结果：链接回答 HTTP ${status}（可能已过期）。`,
  "result-unreachable": () => "无法连接到结果链接，或者它不允许本页面读取（CORS）。",
  "result-size": (d) => `结果为 ${d.width} × ${d.height} 像素，图片为 ${d.pictureWidth} × ${d.pictureHeight}。`,
  "cannot-fit": ({ max }) => `无法把图片压缩到接口接受的 ${count(max)} 字节以内。`,
  cancelled: () => "已取消。",
  "worker-lost": ({ reason }) => `修复线程已中断：${reason}。`,
  "module-lost": ({ file, reason }) => `无法加载 ${file}：${reason}。`,
  argument: ({ name, reason }) => `${name} 不符合该调用的要求：${reason}。`,
  canvas: ({ reason }) => `画布无法使用：${reason}。`,
  internal: ({ reason }) => `Reweave 内部错误：${reason}。`,
};

const ENDPOINT_FAULT = "接口方出现故障：请稍后再试。";

const advice: Advice = {
  statuses: {
    400: "请检查参数是否缺失或有误。",
    401: "密钥（AppCode）不正确，或者服务尚未开通。",
    403: "未订阅、额度用尽，或者被限流。",
    404: "该地址或任务不存在：请检查接口地址。",
    413: "图片文件超出该接口的大小限制。",
    429: "请求过于频繁：请稍候再按“修复”。",
    500: ENDPOINT_FAULT,
    502: ENDPOINT_FAULT,
    503: ENDPOINT_FAULT,
    504: ENDPOINT_FAULT,
  },
  states: {
    [-1]: "修复本身失败。",
    [-2]: "结果上传失败。",
    [-3]: "图片地址下载失败。",
    [-5]: "图片超过 15 MB。",
    [-7]: "接口无法读取图片：格式不对，或超过 4096 × 4096 像素。",
    [-8]: "处理超过 30 秒：请减少标注，或使用较小的图片。",
  },
  codes: {
    "picture-broken": "请用其他程序打开并重新保存。",
    "file-too-large": "请缩小文件，或在浏览器中修复。",
    coverage: "请减少标注，或在浏览器中修复。",
    "header-name": "请求头的名称见接口的文档。",
    "key-characters": "请重新复制密钥。",
    unreachable: "请检查地址。若地址正确，接口必须允许本页面访问（CORS），或者使用中继。",
    "reply-incomplete": "该地址可能属于其他服务。",
    deadline: "请减少标注、使用较小的图片，或重试。",
    "result-status": "请再修复一次以取得新的链接。",
    "result-unreachable": "请打开链接保存图片，或改为在回答中返回（base64），或使用中继。",
    "result-size": "该接口会缩放图片；它的结果无法放回您的图片。",
    "cannot-fit": "请先缩小图片。",
    "picture-unreachable": "请先保存图片，再打开文件。",
    "picture-unreadable": "若要在浏览器中修复，请先保存图片再打开。",
    "upload-unreachable": "其存储桶需要为本页面设置 CORS 规则。",
    "upload-status": "预签名地址可能已过期。",
    "module-lost": "请检查网络后再试一次。",
    "worker-lost": "图片和标注都还在：请再按一次“修复”。",
  },
};
