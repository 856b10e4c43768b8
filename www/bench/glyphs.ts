// Letters, digits and the signs of a date as strokes, so that no font file decides what is measured.

/** On a grid 4 wide and 6 high, y downwards: strokes of points, each point its two digits. */
const STROKES: Readonly<Record<string, string>> = {
  A: "062046 1434", B: "06003041423303 3344453606", C: "4130100105163645", D: "06003041453606",
  E: "40000646 0333", F: "400006 0333", G: "41301001051636454323", H: "0006 4046 0343", I: "2026",
  J: "4045361605", K: "0006 400346", L: "000646", M: "0600234046", N: "06004640",
  O: "103041453616050110", P: "06003041423303", Q: "103041453616050110 2446", R: "06003041423303 2346",
  S: "413010010213334445361605", T: "0040 2026", U: "000516364540", V: "002640", W: "0016233640",
  X: "0046 4006", Y: "002340 2326", Z: "00400646",
  0: "103041453616050110", 1: "112026", 2: "01103041420646", 3: "0110304142334445361605 1333",
  4: "36300444", 5: "4000033344453606", 6: "4130100105163645443303", 7: "004016",
  8: "13020110304142331304051636454433", 9: "0516364541301001021343",
  "'": "2021", "-": "1333", ".": "26", "/": "0640", ":": "22 24",
};

const GRID = 6;

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** As wide as high, the space to the next one included. */
export function widthOf(text: string, height: number): number {
  return text.length * height;
}

/** The strokes of a line of text whose upper left corner is at `from`. */
export function strokesOf(text: string, from: Point, height: number): Point[][] {
  return Array.from(text).flatMap((letter, index) => {
    const left = from.x + widthOf(text.slice(0, index), height);
    const point = (digits: string): Point => ({
      x: left + (Number(digits[0]) / GRID) * height,
      y: from.y + (Number(digits[1]) / GRID) * height,
    });
    const strokes = STROKES[letter]?.split(" ") ?? [];
    return strokes.map((stroke) => (stroke.match(/../g) ?? []).map(point));
  });
}
