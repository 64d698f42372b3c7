//! The stubs for editors, which are also what `reference` reads and `check` knows the API by. Tests
//! beside `api` hold them to what a journey really finds.

/// Every stub with the name of its file, in the order of a reader who begins.
pub const FILES: [(&str, &str); 19] = [
    ("globals.lua", include_str!("types/globals.lua")),
    ("journey.lua", include_str!("types/journey.lua")),
    ("client.lua", include_str!("types/client.lua")),
    ("response.lua", include_str!("types/response.lua")),
    ("page.lua", include_str!("types/page.lua")),
    ("stream.lua", include_str!("types/stream.lua")),
    ("fault.lua", include_str!("types/fault.lua")),
    ("numbers.lua", include_str!("types/numbers.lua")),
    ("match.lua", include_str!("types/match.lua")),
    ("random.lua", include_str!("types/random.lua")),
    ("json.lua", include_str!("types/json.lua")),
    ("time.lua", include_str!("types/time.lua")),
    ("url.lua", include_str!("types/url.lua")),
    ("regex.lua", include_str!("types/regex.lua")),
    ("hash.lua", include_str!("types/hash.lua")),
    ("base64.lua", include_str!("types/base64.lua")),
    ("hex.lua", include_str!("types/hex.lua")),
    ("html.lua", include_str!("types/html.lua")),
    ("xml.lua", include_str!("types/xml.lua")),
];
