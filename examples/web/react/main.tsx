import { useEffect, useRef, useState, type DetailedHTMLProps, type HTMLAttributes } from "react";
import { createRoot } from "react-dom/client";
import type { ReweaveEditor } from "reweave/element";
import "reweave/element";

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "reweave-editor": DetailedHTMLProps<HTMLAttributes<ReweaveEditor>, ReweaveEditor>;
    }
  }
}

function Repair() {
  const editor = useRef<ReweaveEditor>(null);
  const [said, say] = useState("Open a picture, mark what does not belong, press Repair.");
  useEffect(() => {
    const element = editor.current;
    const listeners = new AbortController();
    element?.addEventListener("reweave-result", ({ detail }) => say(`Version ${detail.version} is there.`), listeners);
    element?.addEventListener("reweave-error", ({ detail }) => say(detail.error.message), listeners);
    return () => listeners.abort();
  }, []);
  return (
    <>
      <p>{said}</p>
      <reweave-editor ref={editor} style={{ height: "85vh" }} />
    </>
  );
}

const root = document.getElementById("root");
if (root) createRoot(root).render(<Repair />);
