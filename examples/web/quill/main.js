import Quill from "quill";
import "quill/dist/quill.snow.css";
import "reweave/element";

const find = (selector) => document.querySelector(selector);
const quill = new Quill("#text", { theme: "snow", modules: { toolbar: ["bold", "image"] } });
/** The picture that is being repaired. */
let chosen = null;

quill.root.addEventListener("dblclick", async ({ target }) => {
  if (!(target instanceof HTMLImageElement)) return;
  chosen = Quill.find(target);
  find("dialog").showModal();
  await find("reweave-editor").open(await (await fetch(target.src)).blob());
});

find("#take").addEventListener("click", async () => {
  const result = await find("reweave-editor").result();
  if (result && chosen) {
    const at = quill.getIndex(chosen);
    const src = await dataUrl(result);
    // One change of the text, so that one undo takes it back.
    quill.updateContents([{ retain: at }, { insert: { image: src } }, { delete: 1 }], "user");
  }
  find("dialog").close();
});

find("#leave").addEventListener("click", () => find("dialog").close());

function dataUrl(blob) {
  return new Promise((resolve, reject) => {
    const reader = Object.assign(new FileReader(), { onload: () => resolve(reader.result), onerror: reject });
    reader.readAsDataURL(blob);
  });
}
