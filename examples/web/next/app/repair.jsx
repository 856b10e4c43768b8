"use client";

// Also imported where the page is rendered on the server: there it does nothing.
import "reweave/element";
import { useEffect, useRef, useState } from "react";

export default function Repair() {
  const editor = useRef(null);
  const [said, say] = useState("Open a picture, mark what does not belong, press Repair.");
  useEffect(() => {
    const hear = ({ detail }) => say(`Version ${detail.version} is there.`);
    const element = editor.current;
    element.addEventListener("reweave-result", hear);
    return () => element.removeEventListener("reweave-result", hear);
  }, []);
  return (
    <>
      <p>{said}</p>
      <reweave-editor ref={editor} style={{ height: "80vh" }} />
    </>
  );
}
