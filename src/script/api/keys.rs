//! The option keys of the calls that have few: one list per call, read by the call itself and by
//! the test that holds the stubs for editors to them. Long lists stand beside their calls.

/// A list of option keys.
pub type Keys = &'static [&'static str];

/// `j:attach`
pub const ATTACH: Keys = &["type"];
/// `j:record`
pub const RECORD: Keys = &["unit", "kind", "tolerance", "core", "by", "of"];
/// `tolerance` of `j:record`.
pub const TOLERANCE: Keys = &[
    "absolute", "relative", "min", "max", "binomial", "poisson", "split",
];
/// A ratio of two counts.
pub const SHARE: Keys = &["part", "of"];
/// `j:metrics`
pub const METRICS: Keys = &["client", "within"];
/// `j:expect_sum`
pub const EXPECT_SUM: Keys = &["within", "message"];
/// `j:expect_split`
pub const EXPECT_SPLIT: Keys = &["shares", "alarm"];
/// What a ratio may be.
pub const RANGE: Keys = &["min", "max"];
/// `j:eventually`
pub const EVENTUALLY: Keys = &["within", "every"];
/// `j:never`
pub const NEVER: Keys = &["during", "every"];
/// `j:each`
pub const EACH: Keys = &["limit"];
/// `j:fault`
pub const FAULT: Keys = &[
    "latency",
    "jitter",
    "loss",
    "direction",
    "cut",
    "operator",
    "message",
    "request",
    "times",
    "by",
    "to",
    "code",
    "status",
    "header",
    "cookie",
    "path",
    "value",
    "body",
];
/// `cut` of `j:fault`.
pub const CUT: Keys = &["messages", "bytes"];
/// A file of `multipart` or of a form.
pub const FILE: Keys = &["filename", "type", "body"];
/// `:submit` of a form.
pub const SUBMIT: Keys = &["timeout", "within", "follow", "max_body"];
/// `basic` and `digest` of a client or a request.
pub const BASIC: Keys = &["user", "password"];
/// `:expect` of a response or an element.
pub const RESPONSE_EXPECT: Keys = &["message"];
/// `inbox` of a stream.
pub const INBOX: Keys = &["messages", "bytes"];
/// `heartbeat` of a stream.
pub const HEARTBEAT: Keys = &["every", "send"];
/// `stream:messages`
pub const MESSAGES: Keys = &["since"];
/// `stream:send`
pub const SEND: Keys = &["binary"];
/// `stream:send_frame`
pub const SEND_FRAME: Keys = &["opcode", "fin", "rsv", "mask", "payload"];
/// `stream:expect`
pub const EXPECT: Keys = &["within", "exactly", "settle", "since", "unless"];
/// `stream:expect_next` and `stream:expect_close`
pub const EXPECT_ONE: Keys = &["within"];
/// `stream:expect_none`
pub const EXPECT_NONE: Keys = &["during", "since"];
/// `stream:expect_all` and `stream:expect_sequence`
pub const EXPECT_SEVERAL: Keys = &["within", "unless", "since"];
