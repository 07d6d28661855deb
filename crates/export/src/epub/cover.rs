//! The cover: the book's title in the record's face, between two rules. Nothing on it depends on the machine.

use rustybuzz::ttf_parser::{GlyphId, OutlineBuilder};
use rustybuzz::{Face, UnicodeBuffer};
use tiny_skia::{Color, FillRule, Paint, PathBuilder, Pixmap, Rect, Transform};

const WIDTH: u32 = 1600;
const HEIGHT: u32 = 2560;
const MARGIN: f32 = 170.0;
/// The most lines that a title takes, at the largest size at which it takes no more.
const MOST_LINES: usize = 7;
const SIZES: [f32; 6] = [190.0, 160.0, 135.0, 115.0, 96.0, 80.0];
const SMALL: f32 = 56.0;

/// The colours of the site's pages: paper, ink, and what is quiet.
const PAPER: (u8, u8, u8) = (0xfd, 0xfd, 0xfc);
const INK: (u8, u8, u8) = (0x1b, 0x1d, 0x1f);
const QUIET: (u8, u8, u8) = (0x57, 0x5d, 0x62);

const REGULAR: &[u8] = include_bytes!("faces/literata-regular.ttf");
const SEMIBOLD: &[u8] = include_bytes!("faces/literata-semibold.ttf");

/// Draws a cover as PNG: the title, what the book is part of above it, a line below. Words that the face has no letters
/// for are left out: the title is said beside the picture in any case.
pub(super) fn draw(title: &str, above: &str, below: &str) -> Vec<u8> {
    let mut picture = Pixmap::new(WIDTH, HEIGHT).expect("a picture of this size can be had");
    picture.fill(Color::from_rgba8(PAPER.0, PAPER.1, PAPER.2, 255));
    let (regular, bold) = (Pen::new(REGULAR), Pen::new(SEMIBOLD));
    let wide = WIDTH as f32 - 2.0 * MARGIN;

    let mut y = 420.0;
    rule(&mut picture, y, 10.0);
    rule(&mut picture, y + 26.0, 3.0);
    y += 200.0;
    for line in regular.lines(above, SMALL, wide, 3) {
        regular.write(&mut picture, &line, SMALL, y, QUIET);
        y += SMALL * 1.35;
    }
    if !above.is_empty() {
        y += 60.0;
    }
    let fits = |size: &f32| {
        let lines = bold.lines(title, *size, wide, usize::MAX);
        lines.len() <= MOST_LINES && lines.iter().all(|line| bold.width(line, *size) <= wide)
    };
    let size = SIZES.into_iter().find(fits).unwrap_or(SIZES[SIZES.len() - 1]);
    y += size * 0.5;
    for line in bold.lines(title, size, wide, 14) {
        bold.write(&mut picture, &line, size, y, INK);
        y += size * 1.18;
    }
    let foot = HEIGHT as f32 - 330.0;
    let lines = regular.lines(below, SMALL, wide, 3);
    let mut at = foot - (lines.len() as f32) * SMALL * 1.35;
    for line in lines {
        regular.write(&mut picture, &line, SMALL, at, QUIET);
        at += SMALL * 1.35;
    }
    rule(&mut picture, foot + 40.0, 3.0);
    picture.encode_png().expect("a picture in memory can be written to memory")
}

fn rule(picture: &mut Pixmap, y: f32, height: f32) {
    let Some(rect) = Rect::from_xywh(MARGIN, y, WIDTH as f32 - 2.0 * MARGIN, height) else { return };
    picture.fill_rect(rect, &paint(INK), Transform::identity(), None);
}

fn paint((red, green, blue): (u8, u8, u8)) -> Paint<'static> {
    let mut paint = Paint { anti_alias: true, ..Paint::default() };
    paint.set_color_rgba8(red, green, blue, 255);
    paint
}

/// Writes in one face.
struct Pen<'a>(Face<'a>);

impl Pen<'static> {
    fn new(face: &'static [u8]) -> Self {
        Self(Face::from_slice(face, 0).expect("the face is part of the program"))
    }
}

impl Pen<'_> {
    fn scale(&self, size: f32) -> f32 {
        size / self.0.units_per_em() as f32
    }

    fn shaped(&self, words: &str) -> rustybuzz::GlyphBuffer {
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(words);
        rustybuzz::shape(&self.0, &[], buffer)
    }

    fn width(&self, words: &str, size: f32) -> f32 {
        let advances = self.shaped(words).glyph_positions().iter().map(|at| at.x_advance).sum::<i32>();
        advances as f32 * self.scale(size)
    }

    fn has(&self, words: &str) -> bool {
        words.chars().all(|c| c.is_whitespace() || self.0.glyph_index(c).is_some())
    }

    /// Words in lines no wider than this, at most so many, an ellipsis for what is left; none if the face lacks letters.
    fn lines(&self, words: &str, size: f32, wide: f32, most: usize) -> Vec<String> {
        // What isolates directions has no form.
        let words: String = words.chars().filter(|c| !matches!(c, '\u{2066}'..='\u{2069}')).collect();
        if !self.has(&words) {
            return Vec::new();
        }
        let mut lines: Vec<String> = Vec::new();
        for word in words.split_whitespace() {
            match lines.last_mut() {
                Some(line) if self.width(&format!("{line} {word}"), size) <= wide => {
                    line.push(' ');
                    line.push_str(word);
                }
                _ => lines.push(word.to_owned()),
            }
        }
        if lines.len() > most {
            lines.truncate(most);
            if let Some(last) = lines.last_mut() {
                last.push('…');
            }
        }
        lines
    }

    fn write(&self, picture: &mut Pixmap, words: &str, size: f32, y: f32, colour: (u8, u8, u8)) {
        let scale = self.scale(size);
        let shaped = self.shaped(words);
        let mut x = MARGIN;
        for (glyph, at) in shaped.glyph_infos().iter().zip(shaped.glyph_positions()) {
            let mut outline = Outline(PathBuilder::new());
            let id = GlyphId(glyph.glyph_id as u16);
            let drawn = self.0.outline_glyph(id, &mut outline).and_then(|_| outline.0.finish());
            if let Some(path) = drawn {
                let to = Transform::from_row(
                    scale,
                    0.0,
                    0.0,
                    -scale,
                    x + at.x_offset as f32 * scale,
                    y - at.y_offset as f32 * scale,
                );
                picture.fill_path(&path, &paint(colour), FillRule::Winding, to, None);
            }
            x += at.x_advance as f32 * scale;
        }
    }
}

/// The outline of a glyph as a path.
struct Outline(PathBuilder);

impl OutlineBuilder for Outline {
    fn move_to(&mut self, x: f32, y: f32) {
        self.0.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.0.line_to(x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.0.quad_to(x1, y1, x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.0.cubic_to(x1, y1, x2, y2, x, y);
    }

    fn close(&mut self) {
        self.0.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_broken_where_it_is_too_wide_and_twice_the_same() {
        let pen = Pen::new(SEMIBOLD);
        let title = "The Government Reply to the Sixth Report from the Home Affairs Committee";
        let lines = pen.lines(title, 160.0, 1260.0, usize::MAX);
        assert!(lines.len() > 2, "{lines:?}");
        assert!(lines.iter().all(|line| pen.width(line, 160.0) <= 1260.0), "{lines:?}");
        assert_eq!(lines.join(" "), title);
        let drawn = draw(title, "An archive", "2009");
        assert_eq!(drawn, draw(title, "An archive", "2009"));
        assert_ne!(drawn, draw("Another", "An archive", "2009"));
    }

    #[test]
    fn words_in_another_script_are_left_out_rather_than_drawn_as_boxes() {
        assert!(Pen::new(SEMIBOLD).lines("日本語", 160.0, 1260.0, 9).is_empty());
        assert_eq!(&draw("日本語", "", "")[..4], b"\x89PNG");
    }
}
