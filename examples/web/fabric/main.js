import { Canvas, FabricImage, PencilBrush } from "fabric";
import { maskFromCanvas, openPicture } from "reweave";

const canvas = new Canvas(document.querySelector("canvas"), { isDrawingMode: true });
canvas.freeDrawingBrush = Object.assign(new PencilBrush(canvas), { color: "rgb(255 40 40)", width: 24 });
let picture;
/** What is shown: the picture as it was opened, or its last repair. */
let shown;

document.querySelector("input").addEventListener("change", async ({ target }) => {
  picture?.close();
  picture = await openPicture(target.files[0]);
  canvas.setDimensions({ width: picture.width, height: picture.height });
  await show(picture);
});

document.querySelector("button").addEventListener("click", async () => {
  // What was drawn, without the picture, at its own size: whatever is opaque is to go.
  canvas.backgroundImage = undefined;
  const mask = await maskFromCanvas(canvas.toCanvasElement(1 / canvas.getRetinaScaling()));
  await show(await shown.repair(mask));
  mask.free();
  canvas.remove(...canvas.getObjects());
  document.querySelector("output").value = `${shown.changes.inside} pixels repaired`;
});

async function show(version) {
  shown = version;
  canvas.backgroundImage = new FabricImage(await bitmapCanvas(version));
  canvas.requestRenderAll();
}

async function bitmapCanvas(version) {
  const element = Object.assign(document.createElement("canvas"), { width: version.width, height: version.height });
  element.getContext("2d").putImageData(await version.toImageData(), 0, 0);
  return element;
}
