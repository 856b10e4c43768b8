import "reweave/element";

document.body.append(document.createElement("reweave-editor"));
