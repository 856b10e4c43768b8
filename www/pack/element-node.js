// On a server there are no elements: a page that is rendered there gets a class that stands for one. What
// has a DOM after all, as some test runners do, gets the real one.

export const ReweaveEditor = globalThis.HTMLElement
  ? (await import("./element.js")).ReweaveEditor
  : function ReweaveEditor() {
      throw new TypeError("<reweave-editor> needs a document");
    };
