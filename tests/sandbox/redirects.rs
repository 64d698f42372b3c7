//! A target that leads elsewhere: redirects and forms. What the target did is the target's, so the
//! journey fails, and nothing goes there.

use crate::attempts;
use crate::prison::fails;

const SAID: &str = "is not of target `t`";

/// A redirect that is followed.
fn sent_to(location: &str, said: &str) {
    for status in ["301", "302", "303", "307", "308"] {
        let lines = format!(
            "alice:post('/to/{status}', {{ json = {{ a = 1 }}, query = {{ ['{location}'] = '' }} }})"
        );
        fails(&lines, said);
    }
}

attempts! { sent_to;
    an_address: "http://EVIL/" => SAID;
    an_address_without_a_scheme: "//EVIL/" => SAID;
    an_address_with_backslashes: "\\\\\\\\EVIL/" => SAID;
    a_slash_and_a_backslash: "/\\\\EVIL/" => SAID;
    an_address_behind_a_user: "http://127.0.0.1@EVIL/" => SAID;
    another_name: "http://localhost:TRAP/" => SAID;
    a_number: "http://2130706434:EVILPORT/" => SAID;
    a_web_socket: "ws://EVIL/" => "only http and https are followed";
    a_file: "file:///etc/passwd" => "only http and https are followed";
    a_script: "javascript:alert(1)" => "only http and https are followed";
}

attempts! { fails;
    the_second_of_two: "alice:get('/to/302?/to/302%3Fhttp://EVIL/')" => SAID;
    a_redirect_of_a_get: "alice:get('/to/302?http://EVIL/')" => SAID;
    a_redirect_of_events: "alice:events('/to/302?http://EVIL/')" => SAID;
    a_redirect_of_lines: "alice:lines('/to/307?http://EVIL/')" => SAID;
    a_redirect_of_chunks: "alice:chunks('/to/308?http://EVIL/')" => SAID;
    a_redirect_of_a_web_socket: "alice:websocket('/to/302?ws://EVIL/')" => "302";
    a_form: "local page = alice:get('/page', { query = { ['<form action=\"http://EVIL/\"><input name=a></form>'] = '' } })
        page:form():submit { a = 1 }" => SAID;
    a_form_that_posts: "local page = alice:get('/page', { query = { ['<form method=post action=\"//EVIL/\"><input name=a></form>'] = '' } })
        page:form():submit { a = 1 }" => SAID;
    a_form_below_another_base: "local page = alice:get('/page', { query = { ['<base href=\"http://EVIL/\"><form action=x><input name=a></form>'] = '' } })
        page:form():submit { a = 1 }" => SAID;
    a_form_to_a_file: "local page = alice:get('/page', { query = { ['<form action=\"file:///etc/passwd\"></form>'] = '' } })
        page:form():submit {}" => "file";
}
