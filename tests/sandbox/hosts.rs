//! Host names in every disguise. A listener stands on the forbidden place and hears nothing.

use crate::attempts;
use crate::prison::{Prison, in_vain, refused};

/// A foreign address that a request names.
fn asked(url: &str, said: &str) {
    refused(&format!("alice:get('{url}')"), said);
}

attempts! { asked;
    as_it_is: "http://EVIL/" => "the host `127.0.0.2` is not of target `t`";
    with_https: "https://EVIL/" => "the host `127.0.0.2` is not of target `t`";
    with_a_scheme_in_capitals: "HTTP://EVIL/" => "the host `127.0.0.2` is not of target `t`";
    another_name_of_the_same_machine: "http://localhost:TRAP/" => "the host `localhost` is not of target `t`";
    that_name_in_capitals: "http://LOCALHOST:TRAP/" => "the host `localhost` is not of target `t`";
    that_name_with_a_dot: "http://localhost.:TRAP/" => "the host `localhost` is not of target `t`";
    that_name_in_wide_letters: "http://ｌｏｃａｌｈｏｓｔ:TRAP/" => "the host `localhost` is not of target `t`";
    a_name_below_it: "http://x.localhost:TRAP/" => "the host `x.localhost` is not of target `t`";
    an_address_with_a_dot: "http://127.0.0.2.:EVILPORT/" => "the host `127.0.0.2` is not of target `t`";
    as_one_number: "http://2130706434:EVILPORT/" => "the host `127.0.0.2` is not of target `t`";
    in_octal: "http://0177.0.0.2:EVILPORT/" => "the host `127.0.0.2` is not of target `t`";
    in_hexadecimal: "http://0x7f000002:EVILPORT/" => "the host `127.0.0.2` is not of target `t`";
    shortened: "http://127.2:EVILPORT/" => "the host `127.0.0.2` is not of target `t`";
    in_wide_digits: "http://１２７.0.0.2:EVILPORT/" => "the host `127.0.0.2` is not of target `t`";
    with_a_dot_of_another_script: "http://127。0。0。2:EVILPORT/" => "the host `127.0.0.2` is not of target `t`";
    percent_encoded: "http://127%2e0%2e0%2e2:EVILPORT/" => "the host `127.0.0.2` is not of target `t`";
    as_ipv6: "http://[::ffff:127.0.0.2]:EVILPORT/" => "is not of target `t`";
    the_target_as_ipv6: "http://[::ffff:127.0.0.1]:TRAP/" => "is not of target `t`";
    every_address_at_once: "http://0.0.0.0:TRAP/" => "the host `0.0.0.0` is not of target `t`";
    nothing_as_an_address: "http://0:TRAP/" => "the host `0.0.0.0` is not of target `t`";
    behind_a_user: "http://127.0.0.1@EVIL/" => "the host `127.0.0.2` is not of target `t`";
    behind_a_user_and_a_password: "http://127.0.0.1:80@EVIL/" => "the host `127.0.0.2` is not of target `t`";
    behind_two_users: "http://a@127.0.0.1@EVIL/" => "the host `127.0.0.2` is not of target `t`";
    before_a_fragment: "http://EVIL#@127.0.0.1/" => "the host `127.0.0.2` is not of target `t`";
    before_a_question: "http://EVIL?@127.0.0.1/" => "the host `127.0.0.2` is not of target `t`";
    before_a_backslash: "http://EVIL\\\\@127.0.0.1/" => "the host `127.0.0.2` is not of target `t`";
    below_another_name: "http://127.0.0.1.evil.test/" => "the host `127.0.0.1.evil.test` is not of target `t`";
    with_a_tab: "http://127.0.0.\\t2:EVILPORT/" => "the host `127.0.0.2` is not of target `t`";
    with_a_line_break: "http://127.0.0.\\n2:EVILPORT/" => "the host `127.0.0.2` is not of target `t`";
    with_a_zero_byte: "http://127.0.0.1\\0@EVIL/" => "the host `127.0.0.2` is not of target `t`";
    with_more_slashes: "http:////EVIL/" => "the host `127.0.0.2` is not of target `t`";
    a_soft_hyphen: "http://local\u{ad}host:TRAP/" => "the host `localhost` is not of target `t`";
    a_file: "file:///etc/passwd" => "`file:` cannot be reached";
    a_file_on_the_target: "file://127.0.0.1/etc/passwd" => "`file:` cannot be reached";
    another_protocol: "ftp://127.0.0.1:TRAP/" => "`ftp:` cannot be reached";
    another_protocol_on_a_foreign_host: "gopher://EVIL/" => "`gopher:` cannot be reached";
    a_socket_of_the_system: "unix:///run/docker.sock" => "only the project file may name one";
    a_socket_as_a_service: "unix:/run/docker.sock" => "only the project file may name one";
    a_host_as_a_service: "EVIL:/" => "127.0.0.2";
    an_authority_as_a_path: "@EVIL/" => "@EVIL/";
    a_port_as_a_path: ":TRAP/" => ":TRAP/` is no path";
}

attempts! { in_vain;
    two_slashes: "assert(alice:get('//EVIL/').url:find('TARGET//EVIL', 1, true))" => "a path stays a path";
    a_backslash_as_a_path: "assert(alice:get('/\\\\EVIL/').url:find('^http://TARGET'))" => "a path stays a path";
    an_address_in_a_query: "alice:get('/', { query = { ['@EVIL/'] = 'http://EVIL' } })" => "a query stays a query";
    up_and_up: "assert(alice:get('/../../../EVIL/').url:find('^http://TARGET'))" => "a path stays a path";
}

attempts! { refused;
    a_web_socket: "alice:websocket('ws://EVIL/')" => "the host `127.0.0.2` is not of target `t`";
    a_web_socket_over_tls: "alice:websocket('wss://EVIL/')" => "the host `127.0.0.2` is not of target `t`";
    a_web_socket_behind_a_user: "alice:websocket('ws://127.0.0.1@EVIL/')" => "the host `127.0.0.2` is not of target `t`";
    a_web_socket_by_another_name: "alice:websocket('ws://localhost:TRAP/')" => "the host `localhost` is not of target `t`";
    events: "alice:events('http://EVIL/')" => "the host `127.0.0.2` is not of target `t`";
    lines: "alice:lines('http://EVIL/')" => "the host `127.0.0.2` is not of target `t`";
    chunks: "alice:chunks('http://EVIL/')" => "the host `127.0.0.2` is not of target `t`";
    a_base_of_the_client: "j:client('bob', { base = 'http://EVIL' })" => "the host `127.0.0.2` is not of target `t`";
    a_base_with_a_user: "j:client('bob', { base = 'http://127.0.0.1@EVIL' }):get('/')" => "the host `127.0.0.2` is not of target `t`";
    a_base_that_ends_in_a_user: "j:client('bob', { base = 'http://127.0.0.1:1' }):get('@EVIL/')" => "@EVIL/";
    a_base_of_one_request: "alice:get('/', { base = 'http://EVIL' })" => "the host `127.0.0.2` is not of target `t`";
    a_base_of_another_scheme: "j:client('bob', { base = 'file:///etc' })" => "`file:` cannot be reached";
    every_verb: "alice:request('DELETE', 'http://EVIL/')" => "the host `127.0.0.2` is not of target `t`";
    in_eventually: "j:eventually({ within = '1s' }, function() alice:get('http://EVIL/') end)" => "the host `127.0.0.2` is not of target `t`";
    in_pcall: "pcall(alice.get, alice, 'http://EVIL/')" => "the host `127.0.0.2` is not of target `t`";
    in_cleanup: "j:defer(function() alice:get('http://EVIL/') end)" => "the host `127.0.0.2` is not of target `t`";
    in_parallel: "j:parallel { function() alice:get('/') end, function() alice:get('http://EVIL/') end }" => "the host `127.0.0.2` is not of target `t`";
}

/// Another port of a host that `allow_hosts` narrows to one.
#[test]
fn another_port_than_the_one_allowed() {
    for url in [
        "http://localhost:TRAP/",
        "http://localhost/",
        "ws://localhost:TRAP/",
        "https://localhost:TRAP/",
    ] {
        let call = if url.starts_with("ws") {
            "websocket"
        } else {
            "get"
        };
        Prison::with("allow_hosts = [\"localhost:1\"]\n")
            .journey(&format!("alice:{call}('{url}')"))
            .refused("the host `localhost` is not of target `t`");
    }
}

/// Shows that the listeners hear those who may come, by either name and by a redirect.
#[test]
fn who_is_allowed_is_heard() {
    for lines in [
        "pcall(alice.get, alice, 'http://EVIL/', { timeout = 0.2 })",
        "pcall(alice.get, alice, 'http://2130706434:EVILPORT/', { timeout = 0.2 })",
        "pcall(alice.get, alice, '/to/302?http://EVIL/', { timeout = 0.2 })",
        "pcall(alice.websocket, alice, 'ws://EVIL/', { timeout = 0.2 })",
        "pcall(alice.get, alice, 'http://localhost:TRAP/', { timeout = 0.2 })",
    ] {
        let prison = Prison::with("allow_hosts = [\"127.0.0.2\", \"localhost\"]\n").journey(lines);
        let ran = prison.run(&[]);
        assert_eq!(ran.code, Some(0), "{}", ran.shown());
        assert_eq!(prison.arrived(), 1, "{lines}: {}", ran.shown());
    }
}
