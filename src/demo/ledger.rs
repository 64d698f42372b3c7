//! What a shop would sell and have in stock: numbers that follow the release, for whoever holds them
//! against each other. From the eighth release on the revenue is 3 % higher; the stock is worth 0.4 %
//! more with each release. A release is numbered by the digits at the end of its name.

use serde_json::{Value, json};

use super::http::Answer;

/// The page.
pub(super) const PATH: &str = "/ledger";

/// Cents of the first release.
const BEGIN: u64 = 128_450;
/// The release from which on the revenue is another one.
const STEP_AT: u64 = 8;
/// Orders by region; they are the same in every release.
const ORDERS: [(&str, u64); 3] = [("eu", 120), ("us", 60), ("asia", 20)];

/// The answer of the page.
pub(super) fn answer(release: &str) -> Answer {
    Answer::new(200, "application/json", body(release).to_string())
}

fn body(release: &str) -> Value {
    let number = number(release);
    let revenue = match number >= STEP_AT {
        true => BEGIN * 103 / 100,
        false => BEGIN,
    };
    let stock = BEGIN + BEGIN * 4 * number.saturating_sub(1).min(1_000) / 1_000;
    let orders: serde_json::Map<String, Value> = ORDERS
        .iter()
        .map(|(region, count)| ((*region).to_string(), json!(count)))
        .collect();
    json!({
        "orders": orders,
        "revenue": money(revenue),
        "stock": money(stock),
        "currency": "EUR",
    })
}

/// The digits at the end of its name; 1 for one without.
fn number(release: &str) -> u64 {
    let end = release.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    release[end..].parse().unwrap_or(1)
}

fn money(cents: u64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

#[cfg(test)]
mod tests {
    use super::{body, number};

    #[test]
    fn the_revenue_steps_at_the_eighth_release_and_the_stock_drifts() {
        assert_eq!(body("r7")["revenue"], "1284.50");
        assert_eq!(body("r8")["revenue"], "1323.03");
        assert_eq!(body("r1")["stock"], "1284.50");
        assert_eq!(body("r2")["stock"], "1289.63");
        assert_eq!(body("r12")["orders"]["eu"], 120);
        assert_eq!((number("r12"), number("0.1.0"), number("blue")), (12, 0, 1));
    }
}
