// What a person likes: how marks look, and whether a pen's pressure counts.

export interface Preferences {
  /** "#rrggbb". */
  readonly overlayColour: string;
  /** 0 to 1. */
  readonly overlayOpacity: number;
  /** Whether the marks' edge is drawn, in white and black. */
  readonly outline: boolean;
  readonly penPressure: boolean;
}

export const DEFAULT_PREFERENCES: Preferences = {
  overlayColour: "#ff1fc8",
  overlayOpacity: 0.5,
  outline: true,
  penPressure: false,
};

/** Of what came from a file, what can be used; all else stays as it is. */
export function preferencesFrom(value: unknown, current: Preferences): Preferences {
  const given = (typeof value === "object" && value !== null ? value : {}) as Record<string, unknown>;
  const { overlayColour, overlayOpacity, outline, penPressure } = given;
  return {
    overlayColour: typeof overlayColour === "string" && /^#[0-9a-f]{6}$/i.test(overlayColour) ? overlayColour : current.overlayColour,
    overlayOpacity:
      typeof overlayOpacity === "number" && overlayOpacity >= 0 && overlayOpacity <= 1 ? overlayOpacity : current.overlayOpacity,
    outline: typeof outline === "boolean" ? outline : current.outline,
    penPressure: typeof penPressure === "boolean" ? penPressure : current.penPressure,
  };
}
