// From the screen to the canvas, through whatever CSS transforms lie between: the host may be scaled,
// turned or skewed. Three points of no size in the surface's corners tell where it lies; `offsetX` of
// an event would tell it too, but not of coalesced events in every browser.

import type { PicturePoint } from "./view.ts";

/** Where a surface lies on the screen. To be measured anew for each event: the host may scroll or move it
 * while a mark is made. It costs some microseconds, as long as nothing was laid out anew meanwhile. */
export interface Place {
  /** A point of the screen in CSS pixels of the surface. */
  toLocal(clientX: number, clientY: number): PicturePoint;
}

export function measurePlace(surface: HTMLElement): Place {
  const [origin, right, bottom] = ["origin", "right", "bottom"].map((corner) => {
    const probe = surface.querySelector(`.probe.${corner}`);
    const { left, top } = (probe ?? surface).getBoundingClientRect();
    return { x: left, y: top };
  }) as [PicturePoint, PicturePoint, PicturePoint];
  const width = Math.max(1, surface.clientWidth);
  const height = Math.max(1, surface.clientHeight);
  const across = { x: (right.x - origin.x) / width, y: (right.y - origin.y) / width };
  const down = { x: (bottom.x - origin.x) / height, y: (bottom.y - origin.y) / height };
  const determinant = across.x * down.y - across.y * down.x;
  return {
    toLocal(clientX, clientY) {
      const [x, y] = [clientX - origin.x, clientY - origin.y];
      // A host that is laid out at no size has no inverse; nothing can be hit on it either.
      if (determinant === 0) return { x: 0, y: 0 };
      return { x: (x * down.y - y * down.x) / determinant, y: (y * across.x - x * across.y) / determinant };
    },
  };
}
