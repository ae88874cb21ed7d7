//! Search by pairs of letters: a text that contains another one has all its overlapping pairs. Of digits there are
//! only a hundred pairs, which every phone has: runs of them are found by fours.

use std::collections::BTreeSet;

/// What tells the pairs of one field from those of another: a text is looked for where it was asked for, however many
/// other fields have it.
pub fn mark(field: &str) -> i32 {
    // FNV-1a, which stays the same.
    field.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)).cast_signed()
}

/// What a key is found by: its pairs in their order, the fours of each run of digits, and its letters. A part of the key
/// has the row of `asked` as a piece of one of these.
pub fn indexed(key: &str) -> Vec<Vec<i32>> {
    let runs = key.split(|letter: char| !letter.is_ascii_digit()).map(|run| fours(run).collect());
    let letters = key.chars().map(alone).collect::<BTreeSet<i32>>().into_iter().map(|letter| vec![letter]);
    std::iter::once(pairs(key).collect()).chain(runs).chain(letters).filter(|row: &Vec<i32>| !row.is_empty()).collect()
}

/// What leads to the keys that may contain this part; empty for nothing.
pub fn asked(part: &str) -> Vec<i32> {
    let mut letters = part.chars();
    if let (Some(letter), None) = (letters.next(), letters.next()) {
        return vec![alone(letter)];
    }
    let is_number = part.len() >= FOUR && part.bytes().all(|letter| letter.is_ascii_digit());
    if is_number { fours(part).collect() } else { pairs(part).collect() }
}

fn code(letter: char) -> u32 {
    let letter = u32::from(letter);
    (letter ^ (letter >> 16)) & 0xffff
}

/// One letter: the pair of it and the letter 0.
fn alone(letter: char) -> i32 {
    (code(letter) << 16).cast_signed()
}

/// The pairs of a key in their order, each as one number. Letters beyond the basic plane may share a number
/// with others: pairs narrow a search, the key itself decides.
fn pairs(key: &str) -> impl Iterator<Item = i32> + '_ {
    let letters = key.chars().map(code);
    letters.clone().zip(letters.skip(1)).map(|(first, second)| (first << 16 | second).cast_signed())
}

const FOUR: usize = 4;

/// Below 10 000, which would be a pair that begins with the letter 0.
fn fours(run: &str) -> impl Iterator<Item = i32> + '_ {
    run.as_bytes().windows(FOUR).filter_map(|four| std::str::from_utf8(four).ok()?.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_letter_is_found_too() {
        assert_eq!((asked("").len(), asked("ж").len()), (0, 1));
        assert!(indexed("ёж").contains(&asked("ж")));
        assert_eq!(asked("рома").len(), 3);
        assert_ne!(asked("ро"), asked("ор"));
    }

    #[test]
    fn numbers_are_found_by_fours() {
        assert_eq!(asked("79161"), [7916, 9161]);
        assert_eq!(asked("916"), pairs("916").collect::<Vec<_>>());
        assert!(indexed("дом 0012").contains(&vec![12]));
    }

    proptest! {
        #[test]
        fn a_part_has_a_piece_of_what_the_whole_has(
            before in "\\PC{0,9}|[0-9 ]{0,9}", part in "\\PC{0,9}|[0-9]{0,9}", after in "\\PC{0,9}|[0-9 ]{0,9}"
        ) {
            let whole = indexed(&format!("{before}{part}{after}"));
            let own = asked(&part);
            let has = |row: &Vec<i32>| row.windows(own.len()).any(|piece| piece == own);
            prop_assert!(own.is_empty() || whole.iter().any(has));
        }
    }
}
