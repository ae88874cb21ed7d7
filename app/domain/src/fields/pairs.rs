//! Search by pairs of letters: a text that contains another one has all its overlapping pairs.

/// The pairs of a key in their order, each as one number. Letters beyond the basic plane may share a number
/// with others: pairs narrow a search, the key itself decides.
pub fn pairs(key: &str) -> impl Iterator<Item = i32> + '_ {
    let letters = key.chars().map(|letter| {
        let letter = u32::from(letter);
        (letter ^ (letter >> 16)) & 0xffff
    });
    letters.clone().zip(letters.skip(1)).map(|(first, second)| (first << 16 | second).cast_signed())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_letter_has_none() {
        assert_eq!(pairs("").count() + pairs("ж").count(), 0);
        assert_eq!(pairs("рома").count(), 3);
        assert_ne!(pairs("ро").next(), pairs("ор").next());
    }

    proptest! {
        #[test]
        fn a_part_has_the_pairs_of_the_whole_in_one_row(before in "\\PC{0,9}", part in "\\PC{0,9}", after in "\\PC{0,9}") {
            let whole: Vec<i32> = pairs(&format!("{before}{part}{after}")).collect();
            let own: Vec<i32> = pairs(&part).collect();
            prop_assert!(own.is_empty() || whole.windows(own.len()).any(|row| row == own));
        }
    }
}
