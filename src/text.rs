//! Finding and replacing a text in a text.
//!
//! As `str::replace` and `str::contains`, which look for long texts in linear time and for that
//! weigh a sixteenth of the main-thread module; what is looked for here is a few characters long.

/// Where `wanted` begins in `text`, in bytes.
pub(crate) fn find(text: &str, wanted: &str) -> Option<usize> {
    text.as_bytes().windows(wanted.len().max(1)).position(|window| window == wanted.as_bytes())
}

/// The text with each `wanted` in it replaced, from left to right; an empty `wanted` is in no text.
pub(crate) fn replaced(text: &str, wanted: &str, by: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    // A match begins and ends at a character: UTF-8 is self-synchronising.
    while let Some((before, after)) = cut(rest, wanted) {
        out.push_str(before);
        out.push_str(by);
        rest = after;
    }
    out.push_str(rest);
    out
}

/// What stands before and behind the first `wanted`.
pub(crate) fn cut<'a>(text: &'a str, wanted: &str) -> Option<(&'a str, &'a str)> {
    let at = find(text, wanted)?;
    Some((text.get(..at)?, text.get(at + wanted.len()..)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(not(target_arch = "wasm32"))]
    use proptest::prelude::*;

    #[test]
    fn the_first_is_cut_and_all_are_replaced() {
        assert_eq!(cut("http://h://x", "://"), Some(("http", "h://x")));
        assert_eq!((cut("http:", "://"), cut("", "a"), cut("a", "")), (None, None, None));
        assert_eq!(replaced("aXXbXX", "XX", "é"), "aébé");
        assert_eq!(replaced("äöü", "ö", ""), "äü");
    }

    #[cfg(not(target_arch = "wasm32"))]
    proptest! {
        #[test]
        fn as_the_standard_library_does(text in "[abé]{0,12}", wanted in "[abé]{1,3}", by in "[abx]{0,3}") {
            prop_assert_eq!(replaced(&text, &wanted, &by), text.replace(&wanted, &by));
            prop_assert_eq!(find(&text, &wanted), text.find(&wanted));
        }
    }
}
