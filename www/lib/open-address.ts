// A picture by its address: read where its host allows it, else only shown.

import { loadedImage } from "./at-endpoint.ts";
import { reweaveError } from "./errors.ts";

/** What was found at an address: a file that can be read, or pixels that can only be shown. */
export type Found = { readonly name: string; readonly url: string } & (
  | { readonly file: Blob; readonly bitmap: null }
  | { readonly file: null; readonly bitmap: ImageBitmap }
);

/** Opens an http or https address. Rejects with a `ReweaveError`. */
export async function openAddress(address: string): Promise<Found> {
  const { url, name, file } = await readAddress(address);
  if (file) return { name, url, file, bitmap: null };
  try {
    const bitmap = await createImageBitmap(await loadedImage(url));
    return { name, url, file: null, bitmap };
  } catch {
    const message = "nothing that can be shown was found at the picture's address";
    throw reweaveError(message, { code: "picture-unreachable" });
  }
}

/** The file behind an address, or nothing where its host does not let this page read it. */
export async function readAddress(address: string): Promise<{ name: string; url: string; file: Blob | null }> {
  const url = checked(address);
  return { name: lastSegment(url) || "picture", url: url.href, file: await readable(url) };
}

function checked(address: string): URL {
  const url = URL.canParse(address.trim()) ? new URL(address.trim()) : null;
  if (url && /^https?:$/.test(url.protocol) && !url.username && !url.password) return url;
  const message = "the picture's address is not a complete http or https URL";
  throw reweaveError(message, { code: "picture-url" });
}

function lastSegment({ pathname }: URL): string {
  const segment = pathname.split("/").pop() ?? "";
  try {
    return decodeURIComponent(segment);
  } catch {
    // Not percent-encoding, whatever it is.
    return segment;
  }
}

/** The file, or nothing where the host does not let this page read it. */
async function readable(url: URL): Promise<Blob | null> {
  let response: Response;
  try {
    response = await fetch(url, { credentials: "omit", referrerPolicy: "no-referrer" });
  } catch {
    return null;
  }
  if (!response.ok) {
    const message = `the picture's address answered HTTP ${response.status}`;
    throw reweaveError(message, { code: "picture-status", status: response.status });
  }
  return response.blob();
}
