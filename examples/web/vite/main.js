import { openPicture, ReweaveError } from "reweave";

const [input, button] = [document.querySelector("input"), document.querySelector("button")];
const [progress, output, image] = ["progress", "output", "img"].map((name) => document.querySelector(name));
let picture;

input.addEventListener("change", async () => {
  picture?.close();
  picture = await openPicture(input.files[0]);
  button.disabled = false;
});

button.addEventListener("click", async () => {
  // The lower right tenth of it.
  const [width, height] = [Math.ceil(picture.width / 10), Math.ceil(picture.height / 10)];
  const corner = { x: picture.width - width, y: picture.height - height, width, height };
  try {
    const task = picture.repair([corner]);
    for await (const { fraction } of task) progress.value = fraction ?? 0;
    const repaired = await task;
    output.value = `${repaired.changes.inside} pixels repaired, ${repaired.changes.outside} others changed`;
    image.src = URL.createObjectURL(await repaired.toBlob());
  } catch (error) {
    output.value = error instanceof ReweaveError ? error.code : String(error);
  }
});
