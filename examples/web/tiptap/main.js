import { Editor } from "@tiptap/core";
import Image from "@tiptap/extension-image";
import StarterKit from "@tiptap/starter-kit";
import "reweave/element";

const find = (selector) => document.querySelector(selector);
const editor = new Editor({
  element: find("#text"),
  extensions: [StarterKit, Image.configure({ allowBase64: true })],
  content: "<p>Some text around a picture.</p>",
});

find("input").addEventListener("change", async ({ target }) => {
  editor.chain().focus().setImage({ src: await dataUrl(target.files[0]) }).run();
});

find("#repair").addEventListener("click", async () => {
  const { src } = editor.getAttributes("image");
  if (!src) return;
  find("dialog").showModal();
  await find("reweave-editor").open(await (await fetch(src)).blob());
});

find("#take").addEventListener("click", async () => {
  const result = await find("reweave-editor").result();
  if (result) editor.commands.updateAttributes("image", { src: await dataUrl(result) });
  find("dialog").close();
});

find("#leave").addEventListener("click", () => find("dialog").close());

function dataUrl(blob) {
  return new Promise((resolve, reject) => {
    const reader = Object.assign(new FileReader(), { onload: () => resolve(reader.result), onerror: reject });
    reader.readAsDataURL(blob);
  });
}
