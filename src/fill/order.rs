//! One copy of a sort for all that is sorted here: each kind of item would bring its own, of some kilobytes.

/// Items by their keys; those of equal keys as they were.
pub(super) fn in_order<T>(items: Vec<T>, key: impl Fn(&T) -> u128) -> Vec<T> {
    let mut order: Vec<_> = items.iter().map(key).zip(0..).collect();
    sort(&mut order);
    let mut items: Vec<_> = items.into_iter().map(Some).collect();
    order.into_iter().filter_map(|(_, at)| items[at as usize].take()).collect()
}

/// Columns and rows by rows, as a key.
pub(super) const fn row_first(x: u32, y: u32) -> u128 {
    (y as u128) << 32 | x as u128
}

#[inline(never)]
fn sort(order: &mut [(u128, u32)]) {
    order.sort_unstable();
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
    fn rows_come_first() {
        assert!(row_first(u32::MAX, 3) < row_first(0, 4) && row_first(5, 3) < row_first(6, 3));
    }
}
