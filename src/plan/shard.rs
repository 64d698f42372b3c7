//! Splits a selection into parts that runs of their own walk, on machines of their own. Pure.

use crate::model::event::{Planned, Shard};

/// `--shard 2/4`: which part of how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShardWord {
    /// Which part, from 1.
    pub number: u32,
    /// How many parts there are.
    pub of: u32,
}

/// More parts than that are a mistake of typing.
const MOST: u32 = 10_000;

impl std::str::FromStr for ShardWord {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let form = || "expected part/parts, such as 1/4".to_string();
        let (number, of) = text.split_once('/').ok_or_else(form)?;
        let count = |digits: &str| match digits.parse::<u32>() {
            Ok(count) if digits.bytes().all(|byte| byte.is_ascii_digit()) => Ok(count),
            Ok(_) | Err(_) => Err(form()),
        };
        let (number, of) = (count(number)?, count(of)?);
        if of == 0 || of > MOST {
            Err(format!("expected 1 to {MOST} parts, found {of}"))
        } else if number == 0 || number > of {
            Err(format!(
                "there is no part {number} of {of}: parts are counted from 1 to {of}"
            ))
        } else {
            Ok(Self { number, of })
        }
    }
}

/// The part of a plan that one run walks, and how it lies in the whole. The plan is dealt out like
/// cards, so that the parts differ by one journey at most, and the repetitions and the
/// neighbours of one file, which tend to take as long as each other, are spread over all.
pub fn split(plan: Vec<Planned>, word: ShardWord) -> (Vec<Planned>, Shard) {
    let whole = u32::try_from(plan.len()).unwrap_or(u32::MAX);
    let ours = |place: &u32| place % word.of == word.number - 1;
    let (places, planned) = (0..).zip(plan).filter(|(place, _)| ours(place)).unzip();
    let shard = Shard {
        number: word.number,
        of: word.of,
        whole,
        places,
    };
    (planned, shard)
}
