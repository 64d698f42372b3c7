//! The operators: the names of what is done to what passes, one for each kind of [`Change`].
//! `docs/prove.md` names them by the same words, with the families W1 to N1 of mutation testing.

use serde::{Deserialize, Serialize};

use super::{Change, Edit};

/// Which way a fault works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Only what the client receives is changed; the target sees nothing unusual.
    Inbound,
    /// The target sees it.
    Outbound,
    /// The script is changed, and the target sees nothing that other walks do not show it.
    Script,
}

macro_rules! operators {
    ($($(#[doc = $doc:expr])+ $variant:ident = $name:literal, $direction:ident, $family:literal;)+) => {
        /// What is done to what passes.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum Operator {
            $($(#[doc = $doc])+ #[serde(rename = $name)] $variant,)+
        }

        impl Operator {
            /// Every operator, in the order of its documentation.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The word for `--operator` and reports.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// Which way it works.
            pub fn direction(self) -> Direction {
                match self { $(Self::$variant => Direction::$direction),+ }
            }

            /// The family of mutation testing's catalogue that it belongs to: `W1`, `J2`.
            pub fn family(self) -> &'static str {
                match self { $(Self::$variant => $family),+ }
            }

            /// What it does, in one sentence.
            pub fn sentence(self) -> &'static str {
                match self { $(Self::$variant => concat!($($doc),+).trim_ascii()),+ }
            }
        }
    };
}

operators! {
    /// The message never arrives.
    MessageDropped = "message-dropped", Inbound, "W1";
    /// The message arrives after every deadline.
    MessageDelayed = "message-delayed", Inbound, "W2";
    /// The message arrives twice.
    MessageDuplicated = "message-duplicated", Inbound, "W3";
    /// The message and the next one of its stream arrive in the other order.
    MessagesSwapped = "messages-swapped", Inbound, "W4";
    /// The message arrives at another client instead.
    MessageMisdelivered = "message-misdelivered", Inbound, "W5";
    /// The message before this one arrives again.
    MessageReplayed = "message-replayed", Inbound, "W3";
    /// The client is told that its connection ended.
    ClosedEarly = "closed-early", Inbound, "W6";
    /// The close frame carries another code.
    CloseCodeChanged = "close-code-changed", Inbound, "W7";
    /// The stream ends without a close frame.
    CloseFrameMissing = "close-frame-missing", Inbound, "W7";
    /// A number is one more.
    NumberPlusOne = "number-plus-one", Inbound, "J1";
    /// A number is one less.
    NumberMinusOne = "number-minus-one", Inbound, "J1";
    /// A number has one more digit.
    NumberTimesTen = "number-times-ten", Inbound, "J1";
    /// A number is zero.
    NumberZero = "number-zero", Inbound, "J1";
    /// A number has the other sign.
    NumberSign = "number-sign", Inbound, "J1";
    /// A boolean is the other one.
    BooleanFlipped = "boolean-flipped", Inbound, "J1";
    /// One character of a string is another one.
    TextCharacter = "text-character", Inbound, "J2";
    /// A string is in the other case.
    TextCase = "text-case", Inbound, "J2";
    /// A string has lost the spaces around it, or got one.
    TextTrimmed = "text-trimmed", Inbound, "J2";
    /// A string is empty.
    TextEmpty = "text-empty", Inbound, "J2";
    /// A string is what belongs to another user.
    TextOfOther = "text-of-other", Inbound, "J2";
    /// A leaf is null.
    LeafNull = "leaf-null", Inbound, "J3";
    /// A leaf is of another type.
    LeafType = "leaf-type", Inbound, "J3";
    /// A key is missing.
    KeyRemoved = "key-removed", Inbound, "J3";
    /// There is one more key (reported, not scored: patterns are open).
    KeyAdded = "key-added", Inbound, "J3";
    /// A list has lost an element.
    ElementLost = "element-lost", Inbound, "J3";
    /// A list is empty.
    ListEmptied = "list-emptied", Inbound, "J3";
    /// A list is in the other order.
    ListReversed = "list-reversed", Inbound, "J3";
    /// A time is an hour later.
    TimeShifted = "time-shifted", Inbound, "J4";
    /// A time stands still.
    TimeFrozen = "time-frozen", Inbound, "J4";
    /// The answer has another status.
    StatusFlipped = "status-flipped", Inbound, "H1";
    /// The answer is the one that was given before.
    AnswerStale = "answer-stale", Inbound, "H2";
    /// The answer's body is cut short, with the right length.
    BodyTruncated = "body-truncated", Inbound, "H3";
    /// The connection breaks in the middle of the answer.
    BodyCut = "body-cut", Inbound, "H3";
    /// A header of the answer is missing.
    HeaderDropped = "header-dropped", Inbound, "H4";
    /// The answer claims another content type.
    ContentTypeChanged = "content-type-changed", Inbound, "H4";
    /// A cookie is not set.
    CookieDropped = "cookie-dropped", Inbound, "H4";
    /// The redirect leads back to where it came from.
    RedirectLoop = "redirect-loop", Inbound, "H8";
    /// A second read is answered as the first one was.
    SecondRead = "second-read", Inbound, "H7";
    /// The answer or message comes later, within its deadline (reported, not scored).
    LatencyAdded = "latency-added", Inbound, "N1";
    /// The client answers no ping.
    PongsSuppressed = "pongs-suppressed", Outbound, "W6";
    /// The write is not forwarded, the recorded answer is given.
    WriteLost = "write-lost", Outbound, "H5";
    /// The write is forwarded twice.
    WriteDoubled = "write-doubled", Outbound, "H6";
    /// Something that the script does is left out.
    ActionRemoved = "action-removed", Outbound, "A1";
    /// An expectation demands the opposite.
    ExpectationNegated = "expectation-negated", Script, "A2";
}

impl Operator {
    /// The operator of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.name() == name)
    }

    /// True for those after which a connection is over, or may soon be.
    pub fn ends_connections(self) -> bool {
        matches!(
            self,
            Self::ClosedEarly
                | Self::CloseCodeChanged
                | Self::CloseFrameMissing
                | Self::BodyCut
                | Self::PongsSuppressed
        )
    }

    /// True for those that are tried unless others are named. The rest say little more for their
    /// cost: a number that is one less is noticed by who notices one more.
    pub fn is_usual(self) -> bool {
        !matches!(
            self,
            Self::NumberMinusOne
                | Self::NumberTimesTen
                | Self::TextCase
                | Self::TextTrimmed
                | Self::TextEmpty
                | Self::LeafType
                | Self::ListEmptied
                | Self::BodyCut
                | Self::RedirectLoop
        )
    }

    /// False for what nobody is asked to notice: it is reported, and no part of a score.
    pub fn is_scored(self) -> bool {
        !matches!(self, Self::KeyAdded | Self::LatencyAdded)
    }
}

impl Change {
    /// The operator whose change this is.
    pub fn operator(&self) -> Operator {
        match self {
            Self::Drop => Operator::MessageDropped,
            Self::Delay { .. } => Operator::MessageDelayed,
            Self::Slow { .. } => Operator::LatencyAdded,
            Self::Duplicate => Operator::MessageDuplicated,
            Self::Swap => Operator::MessagesSwapped,
            Self::Misdeliver { .. } => Operator::MessageMisdelivered,
            Self::Replay => Operator::MessageReplayed,
            Self::Edit { edit, .. } => edit.operator(),
            Self::Status { .. } => Operator::StatusFlipped,
            Self::Truncate => Operator::BodyTruncated,
            Self::Cut => Operator::BodyCut,
            Self::Stale => Operator::AnswerStale,
            Self::DropHeader { .. } => Operator::HeaderDropped,
            Self::SetHeader { name, .. } if name == "location" => Operator::RedirectLoop,
            Self::SetHeader { .. } => Operator::ContentTypeChanged,
            Self::DropCookie { .. } => Operator::CookieDropped,
            Self::SecondRead => Operator::SecondRead,
            Self::CloseEarly => Operator::ClosedEarly,
            Self::CloseCode { .. } => Operator::CloseCodeChanged,
            Self::NoCloseFrame => Operator::CloseFrameMissing,
            Self::SuppressPongs => Operator::PongsSuppressed,
            Self::LoseWrite { .. } => Operator::WriteLost,
            Self::DoubleWrite => Operator::WriteDoubled,
            Self::RemoveAction => Operator::ActionRemoved,
            Self::Negate => Operator::ExpectationNegated,
        }
    }
}

impl Edit {
    /// The operator whose edit this is.
    pub fn operator(&self) -> Operator {
        match self {
            Self::Add { by } if *by < 0 => Operator::NumberMinusOne,
            Self::Add { .. } => Operator::NumberPlusOne,
            Self::TimesTen => Operator::NumberTimesTen,
            Self::Zero => Operator::NumberZero,
            Self::Sign => Operator::NumberSign,
            Self::Character => Operator::TextCharacter,
            Self::Case => Operator::TextCase,
            Self::Trim => Operator::TextTrimmed,
            Self::Empty => Operator::TextEmpty,
            Self::Other { .. } => Operator::TextOfOther,
            Self::Flip => Operator::BooleanFlipped,
            Self::Null => Operator::LeafNull,
            Self::OtherType => Operator::LeafType,
            Self::RemoveKey => Operator::KeyRemoved,
            Self::AddKey => Operator::KeyAdded,
            Self::LoseElement => Operator::ElementLost,
            Self::EmptyList => Operator::ListEmptied,
            Self::Reverse => Operator::ListReversed,
            Self::Shift { .. } => Operator::TimeShifted,
            Self::Freeze { .. } => Operator::TimeFrozen,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_distinct_and_found_again() {
        for one in Operator::ALL {
            assert_eq!(Operator::from_name(one.name()), Some(*one));
            assert!(
                one.sentence().ends_with('.') || one.sentence().ends_with(')'),
                "{one:?}"
            );
        }
        assert_eq!(Operator::from_name("nothing"), None);
    }
}
