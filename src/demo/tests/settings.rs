//! Names and values, without a socket.

use std::time::Duration;

use crate::demo::{Amount, Bug, SETTINGS, Settings, Version};

#[test]
fn every_setting_is_its_default_then_its_original() {
    for setting in SETTINGS {
        let mut settings = Settings::default();
        assert_eq!(settings.get(setting), setting.default, "{}", setting.name);
        let value = setting.original.to_string();
        settings.set(setting.name, &value).expect(setting.name);
        assert_eq!(settings.get(setting), setting.original, "{}", setting.name);
    }
    let original = Settings::default().original();
    assert_eq!(original.ping, Duration::from_secs(30));
    assert_eq!(original.pong_timeout, Duration::from_secs(10));
}

#[test]
fn each_name_sets_its_own_field_only() {
    for setting in SETTINGS {
        let mut settings = Settings::default();
        settings.set(setting.name, "7").expect(setting.name);
        for other in SETTINGS {
            let changed = settings.get(other) != other.default;
            assert_eq!(changed, other.name == setting.name, "{}", other.name);
        }
    }
}

#[test]
fn values_are_durations_seconds_counts_or_none() {
    let mut settings = Settings::default();
    for (name, value, expected) in [
        ("ping", "250ms", Amount::Time(Duration::from_millis(250))),
        ("ping", "0.5", Amount::Time(Duration::from_millis(500))),
        ("clients", "7", Amount::Count(7)),
        ("clients", "none", Amount::Count(usize::MAX)),
    ] {
        settings.set(name, value).expect(value);
        let setting = SETTINGS.iter().find(|s| s.name == name).expect(name);
        assert_eq!(settings.get(setting), expected, "{value}");
    }
    for (name, value) in [
        ("ping", "0"),
        ("ping", "0ms"),
        ("ping", "-1"),
        ("ping", "NaN"),
        ("ping", "1e300"),
        ("ping", "soon"),
        ("clients", "-1"),
        ("clients", "1s"),
    ] {
        let error = settings.set(name, value).expect_err(value).to_string();
        assert!(
            error.contains(&format!("`{name}` cannot be `{value}`")),
            "{error}"
        );
    }
}

#[test]
fn misspelt_names_get_the_nearest() {
    let error = Settings::default()
        .set("pong_timout", "1s")
        .expect_err("no such name");
    assert_eq!(
        error.to_string(),
        "unknown setting `pong_timout`, did you mean `pong_timeout`?"
    );
    let error = Settings::default()
        .set("web_hook", "none")
        .expect_err("no such name");
    assert!(error.to_string().ends_with("did you mean `webhook`?"));
    let error = Settings::default()
        .set("webhook", "https://a/")
        .expect_err("no such address");
    assert!(error.to_string().contains("expected a URL such as"));
    let error = Bug::from_name("silent-reep").expect_err("no such bug");
    assert!(error.to_string().contains("did you mean `silent-reap`?"));
    let error = Version::from_name("mar-5").expect_err("no such version");
    assert!(
        error.to_string().contains("did you mean `mar-3`?"),
        "{error}"
    );
}

#[test]
fn names_lead_back_to_what_they_name() {
    for bug in Bug::ALL {
        assert_eq!(Bug::from_name(bug.name()), Ok(bug));
        assert_eq!(bug.demo_only(), bug == Bug::SlowShutdown);
    }
    for version in Version::ALL {
        assert_eq!(Version::from_name(version.name()), Ok(version));
    }
}

#[test]
fn scaling_touches_times_of_the_protocol_and_lifting_touches_limits() {
    let settings = Settings::default()
        .scale_times(4.0)
        .expect("in range")
        .no_limits();
    assert_eq!(settings.ping, Duration::from_secs(4));
    assert_eq!(settings.pong_timeout, Duration::from_secs(2));
    assert_eq!(settings.window, Duration::from_secs(4));
    assert_eq!(settings.keep_alive, Settings::default().keep_alive);
    assert_eq!(settings.clients, usize::MAX);
    assert_eq!(settings.clients_per_address, usize::MAX);
    assert_eq!(settings.messages_per_window, usize::MAX);
    assert_eq!(settings.text_length, 1000);
    for factor in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e300] {
        assert!(Settings::default().scale_times(factor).is_err(), "{factor}");
    }
}
