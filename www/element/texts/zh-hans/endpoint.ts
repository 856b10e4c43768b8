// The settings of endpoints.

import type { Texts } from "../index.ts";

export const endpoint: Texts["endpoint"] = {
  noteServer: "去除元数据后的图片和标注区域会发送到提供本页面的服务器。",
  noteElsewhere: "去除元数据后的图片和标注区域会发送到该地址。密钥只保存在本标签页的内存中。",
  address: "接口地址",
  key: "密钥",
  serverKey: "密钥（如果本服务器需要）",
  more: "更多设置",
  body: "请求的形式",
  bodies: {
    json: "JSON",
    form: "表单（urlencoded）",
    multipart: "带文件的表单（multipart）",
  },
  result: "结果",
  resultBase64: "在回答中（base64）",
  resultLink: "作为链接",
  header: "请求头名称",
  scheme: "认证方案",
  schemeHint: "在 Authorization 中写在单独的密钥之前：APPCODE 或 Bearer。",
  query: "查询任务的地址",
  answers: "回答内容",
  answersTask: "按该 API 的格式",
  answersPicture: "图片本身",
  fields: "字段名称",
  fieldsHint: "该接口使用的名称；不接受的字段请留空。",
  uploadNote: "接口只接受网址时，会先上传图片和遮罩。",
  uploadMethod: "上传方式",
  uploadPut: "PUT 到预签名地址",
  uploadPost: "POST，回答中给出网址",
  uploadAddress: "上传地址",
  readAddress: "文件的读取地址",
  readAddressHint: "同一地址",
};
