//! One copy of a sort for all that is sorted here: each kind of item would bring its own, of some kilobytes.

/// Items by their keys; those of equal keys as they were.
pub(super) fn in_order<T>(items: Vec<T>, key: impl Fn(&T) -> u128) -> Vec<T> {
    let keys: Vec<_> = items.iter().map(key).collect();
    let mut items: Vec<_> = items.into_iter().map(Some).collect();
    order(&keys).into_iter().filter_map(|at| items[at as usize].take()).collect()
}

/// Columns and rows by rows, as a key.
pub(super) const fn row_first(x: u32, y: u32) -> u128 {
    (y as u128) << 32 | x as u128
}

/// The order of some keys: by their last 32 bits, then by those before, and so on.
fn order(keys: &[u128]) -> Vec<u32> {
    let mut order: Vec<_> = (0..keys.len() as u32).collect();
    for digit in 0..4 {
        let part = |at: &u32| (keys[*at as usize] >> (32 * digit)) as u32;
        let mut pairs: Vec<_> = order.iter().map(part).zip(0..).collect();
        if pairs.iter().any(|pair| pair.0 != pairs[0].0) {
            sort(&mut pairs);
            order = pairs.iter().map(|(_, at)| order[*at as usize]).collect();
        }
    }
    order
}

/// Pairs by the first of them, then by the second.
#[inline(never)]
pub(super) fn sort(pairs: &mut [(u32, u32)]) {
    pairs.sort_unstable();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_of_equal_keys_stay_as_they_were() {
        let items: Vec<u32> = (0..100).map(|i| i * 37 % 100).collect();
        let mut wanted = items.clone();
        wanted.sort_by_key(|item| item / 10);
        assert_eq!(in_order(items, |item| u128::from(item / 10)), wanted);
    }

    #[test]
    fn all_bits_of_a_key_count() {
        let items: Vec<u128> =
            (0..200).map(|i: u128| i.wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835) >> (i % 90)).collect();
        let mut wanted = items.clone();
        wanted.sort_unstable();
        assert_eq!(in_order(items, |item| *item), wanted);
    }

    #[test]
    fn rows_come_first() {
        assert!(row_first(u32::MAX, 3) < row_first(0, 4) && row_first(5, 3) < row_first(6, 3));
    }
}
