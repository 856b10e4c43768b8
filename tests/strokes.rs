//! How well strokes are found.
use reweave::picture::{Limits, Picture, Samples};
use reweave::{Mask, Rectangle, Size};

struct Case {
    name: &'static str,
    photo: &'static str,
    stamp: &'static str,
    at: (u32, u32),
    colour: [u8; 3],
    opacity: f32,
}
const fn c(
    name: &'static str,
    photo: &'static str,
    stamp: &'static str,
    at: (u32, u32),
    colour: [u8; 3],
    opacity: f32,
) -> Case {
    Case { name, photo, stamp, at, colour, opacity }
}
const CASES: &[Case] = &[
    c("date orange wood", "coffee", "date", (350, 355), [255, 140, 0], 1.0),
    c("date orange dark", "astronaut", "date", (260, 470), [255, 140, 0], 1.0),
    c("date white wood", "coffee", "date", (20, 360), [255, 255, 255], 1.0),
    c("date red grey", "astronaut", "date", (270, 90), [220, 30, 30], 1.0),
    c("text white suit", "astronaut", "text", (40, 300), [255, 255, 255], 1.0),
    c("text black cloud", "astronaut", "text", (240, 20), [0, 0, 0], 1.0),
    c("text white wood", "coffee", "text", (330, 20), [255, 255, 255], 1.0),
    c("text yellow flag", "astronaut", "text", (2, 200), [255, 230, 0], 1.0),
    c("mark 45 suit", "astronaut", "mark", (60, 260), [255, 255, 255], 0.45),
    c("mark 45 face", "astronaut", "mark", (100, 60), [255, 255, 255], 0.45),
    c("mark 50 saucer", "coffee", "mark", (80, 200), [255, 255, 255], 0.5),
    c("mark black 50", "coffee", "mark", (340, 150), [0, 0, 0], 0.5),
    c("lines red cloud", "astronaut", "lines", (250, 60), [230, 20, 40], 1.0),
    c("lines black wood", "coffee", "lines", (10, 90), [10, 10, 10], 1.0),
    c("lines white cup", "coffee", "lines", (180, 30), [40, 80, 255], 1.0),
    c("logo white wood", "coffee", "logo", (460, 250), [255, 255, 255], 1.0),
    c("logo blue suit", "astronaut", "logo", (60, 330), [20, 30, 120], 1.0),
    c("disc green wood", "coffee", "disc", (20, 20), [30, 160, 60], 1.0),
    c("disc white suit", "astronaut", "disc", (60, 380), [240, 240, 240], 1.0),
];
fn load(path: &str) -> Picture {
    Picture::decode(&std::fs::read(path).expect("file"), &Limits::memory(1 << 28)).expect("decodes")
}
fn rgba(p: &Picture) -> Vec<u8> {
    p.to_rgba8(p.size().as_rectangle())
}

#[test]
fn explore() {
    let margin = 8;
    for case in CASES {
        let photo = match case.photo {
            "coffee" => load("/work/shared/bench/images/open/coffee.png"),
            _ => load("www/page/public/astronaut.png"),
        };
        let stamp = load(&format!("tests/strokes/{}.png", case.stamp));
        let size = photo.size();
        let (before, cover) = (rgba(&photo), rgba(&stamp));
        let mut after = before.clone();
        let mut truth = Mask::new(size);
        let (sw, sh) = (stamp.size().width(), stamp.size().height());
        for y in 0..sh {
            for x in 0..sw {
                let (px, py) = (case.at.0 + x, case.at.1 + y);
                if px >= size.width() || py >= size.height() {
                    continue;
                }
                let a = f32::from(cover[((y * sw + x) * 4) as usize]) / 255.0 * case.opacity;
                let i = ((py * size.width() + px) * 4) as usize;
                let mut diff = 0;
                for k in 0..3 {
                    after[i + k] = (f32::from(before[i + k]) * (1.0 - a) + f32::from(case.colour[k]) * a).round() as u8;
                    diff = diff.max(after[i + k].abs_diff(before[i + k]));
                }
                if a >= 0.25 * case.opacity && diff > 16 {
                    truth.fill_span(py, px, px + 1, true);
                }
            }
        }
        let rgb: Vec<u8> = after.chunks_exact(4).flat_map(|p| p[..3].to_vec()).collect();
        let picture = Picture::from_samples(size, 3, Samples::U8(rgb)).expect("fits");
        let area = truth.bounds().expect("drawn").grown(margin, size);
        println!(
            "{}: area {}x{}, truth {} ({:.1}%)",
            case.name,
            area.width,
            area.height,
            truth.count(),
            100.0 * truth.count() as f64 / f64::from(area.width * area.height)
        );
        std::fs::write(format!("/tmp/stamps/{}.png", case.name.replace(' ', "_")), picture.encode_png().expect("png"))
            .expect("w");
        for grow in [0, 2, 3] {
            let start = std::time::Instant::now();
            match reweave::segment::strokes(&picture, area, grow) {
                Ok(mask) => {
                    let both = |m: &Mask| {
                        let mut n = 0;
                        for y in 0..size.height() {
                            for x in 0..size.width() {
                                if m.get(x, y) && mask.get(x, y) {
                                    n += 1;
                                }
                            }
                        }
                        n
                    };
                    let mut fat = Mask::new(size);
                    for y in 0..size.height() {
                        for (s, e) in truth.runs(y) {
                            for dy in 0..=2 * grow {
                                let d = dy.abs_diff(grow);
                                let h = f64::from(grow * (grow + 1) - d * d).max(0.0).sqrt() as u32;
                                let ny = y + dy;
                                if ny >= grow {
                                    fat.fill_span(ny - grow, s.saturating_sub(h), e + h, true);
                                }
                            }
                        }
                    }
                    if grow == 2 {
                        let mut show = Vec::new();
                        for y in area.y..area.y + area.height {
                            for x in area.x..area.x + area.width {
                                let i = ((y * size.width() + x) * 4) as usize;
                                let (t, m) = (truth.get(x, y), mask.get(x, y));
                                show.extend(match (t, m) {
                                    (true, true) => [0, 200, 0],
                                    (true, false) => [255, 0, 255],
                                    (false, true) => [120, 160, 255],
                                    _ => [after[i] / 2, after[i + 1] / 2, after[i + 2] / 2],
                                });
                            }
                        }
                        let p =
                            Picture::from_samples(Size::new(area.width, area.height).expect("s"), 3, Samples::U8(show))
                                .expect("fits");
                        std::fs::write(
                            format!("/tmp/stamps/show_{}.png", case.name.replace(' ', "_")),
                            p.encode_png().expect("png"),
                        )
                        .expect("w");
                    }
                    println!(
                        "  grow {grow}: recall {:.3} share x{:.2}  {:?}",
                        f64::from(both(&truth)) / truth.count() as f64,
                        mask.count() as f64 / fat.count() as f64,
                        start.elapsed()
                    );
                }
                Err(error) => println!("  grow {grow}: {error}"),
            }
        }
    }
}

#[test]
fn without() {
    for (photo, areas) in [
        (
            "coffee",
            [[350u32, 200, 200, 60], [10, 100, 200, 100], [440, 300, 150, 90], [220, 100, 120, 60], [90, 200, 100, 60]],
        ),
        ("astronaut", [[250, 20, 100, 60], [60, 300, 80, 60], [380, 440, 80, 40], [0, 120, 80, 80], [180, 60, 90, 90]]),
    ] {
        let picture = match photo {
            "coffee" => load("/work/shared/bench/images/open/coffee.png"),
            _ => load("www/page/public/astronaut.png"),
        };
        for [x, y, width, height] in areas {
            match reweave::segment::strokes(&picture, Rectangle { x, y, width, height }, 0) {
                Ok(m) => println!("NONE {photo} {x} {y}: {:.3}", m.count() as f64 / f64::from(width * height)),
                Err(e) => println!("NONE {photo} {x} {y}: {e}"),
            }
        }
    }
}
