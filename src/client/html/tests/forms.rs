//! A corpus of forms: what a browser would send for them.

use url::Url;

use crate::client::html::{Fill, FormError, Page, Submission};
use crate::client::multipart::FileFacts;

fn page(text: &str) -> Page {
    let url = Url::parse("http://h/dir/page?q=1").expect("a URL");
    Page::read(text.as_bytes(), None, url).expect("a page")
}

fn text(value: &str) -> Fill {
    Fill::Text(value.to_string())
}

fn submit(html: &str, given: &[(&str, Fill)]) -> Result<Submission, FormError> {
    let page = page(html);
    let found = page.select(None, "form").expect("a selector");
    let given: Vec<(String, Fill)> = given
        .iter()
        .map(|(name, fill)| (name.to_string(), fill.clone()))
        .collect();
    page.submit(found[0], &given)
}

/// What a POST form sends, by the controls in it.
fn sent(controls: &str, given: &[(&str, Fill)]) -> String {
    let html = format!("<form method=post>{controls}</form>");
    let body = submit(&html, given).expect(controls).body.expect("a body");
    String::from_utf8(body.0).expect("text")
}

#[test]
fn controls_send_what_a_browser_sends() {
    for (controls, expected) in [
        (
            "<input name=a value='1 &amp; 2'><input name=b>",
            "a=1+%26+2&b=",
        ),
        ("<input value=unnamed><input name='' value=x>", ""),
        (
            "<input type=HIDDEN name=csrf value=t0k><input name=é value=ü>",
            "csrf=t0k&%C3%A9=%C3%BC",
        ),
        (
            "<input type=checkbox name=a><input type=checkbox name=b checked>",
            "b=on",
        ),
        (
            "<input type=radio name=r value=1><input type=radio name=r value=2 checked>",
            "r=2",
        ),
        (
            "<textarea name=t>\n a\nb\r\nc</textarea>",
            "t=+a%0D%0Ab%0D%0Ac",
        ),
        (
            "<select name=s><option>x  y<option value=2>z</select>",
            "s=x+y",
        ),
        ("<select name=s><option disabled>x<option>y</select>", "s=y"),
        ("<select name=s size=3><option>x</select>", ""),
        (
            "<select name=s><option selected>x<option selected>y</select>",
            "s=y",
        ),
        (
            "<select name=s multiple><option selected>x<option selected>y<option>z</select>",
            "s=x&s=y",
        ),
        (
            "<select name=s><optgroup disabled><option>x</optgroup><option>y</select>",
            "s=y",
        ),
        (
            "<input name=a value=1 disabled><input name=b value=2 readonly>",
            "b=2",
        ),
        (
            "<fieldset disabled><legend><input name=a></legend><input name=b></fieldset>",
            "a=",
        ),
        (
            "<input type=submit name=go value=1><button name=go value=2>",
            "go=1",
        ),
        (
            "<input type=submit disabled name=go value=1><button name=go value=2>",
            "go=2",
        ),
        (
            "<button type=button name=no value=1><input type=reset name=no>",
            "",
        ),
        ("<input type=image name=map>", "map.x=0&map.y=0"),
        ("<input type=image>", "x=0&y=0"),
        ("<input type=file name=f>", "f="),
        ("<input type=hidden name=_charset_>", "_charset_=UTF-8"),
        (
            "<template><input name=a></template><datalist><input name=b></datalist>",
            "",
        ),
        (
            "<input type=unknown name=a value=1><input type=date name=d value=2026-01-02>",
            "a=1&d=2026-01-02",
        ),
    ] {
        assert_eq!(sent(controls, &[]), expected, "{controls}");
    }
}

#[test]
fn fields_take_what_a_user_could_give() {
    let rails = "<input type=hidden name=a value=0><input type=checkbox name=a value=1>";
    let boxes = "<input type=checkbox name=c value=x checked><input type=checkbox name=c value=y>";
    let radio = "<input type=radio name=r value=1 checked><input type=radio name=r value=2>";
    let list = "<select name=s><option value=1>One<option value=2>Two</select>";
    let many = "<select name=s multiple><option selected>x<option>y<option>z</select>";
    let twice = "<input name=t><input name=t>";
    let buttons = "<button name=do value=save></button><button name=do value=drop></button>";
    let several = |values: &[&str]| Fill::Many(values.iter().map(ToString::to_string).collect());
    for (controls, name, fill, expected) in [
        (
            "<input name=a value=old>",
            "a",
            text("new\nline"),
            "a=new%0D%0Aline",
        ),
        ("<textarea name=a>old</textarea>", "a", text(""), "a="),
        (
            "<input type=hidden name=a value=old>",
            "a",
            text("forged"),
            "a=forged",
        ),
        (rails, "a", Fill::Flag(true), "a=0&a=1"),
        (rails, "a", Fill::Flag(false), "a=0"),
        (rails, "a", text("1"), "a=0&a=1"),
        (boxes, "c", text("y"), "c=y"),
        (boxes, "c", several(&["x", "y"]), "c=x&c=y"),
        (boxes, "c", several(&[]), ""),
        (radio, "r", text("2"), "r=2"),
        (list, "s", text("2"), "s=2"),
        (list, "s", text("Two"), "s=2"),
        (many, "s", several(&["y", "z"]), "s=y&s=z"),
        (many, "s", text("z"), "s=z"),
        (twice, "t", several(&["1", "2"]), "t=1&t=2"),
        (buttons, "do", text("drop"), "do=drop"),
        (buttons, "do", Fill::Flag(true), "do=save"),
    ] {
        assert_eq!(
            sent(controls, &[(name, fill.clone())]),
            expected,
            "{controls} {fill:?}"
        );
    }
}

#[test]
fn what_a_user_could_not_do_is_named() {
    let radio = "<input type=radio name=size value=small><input type=radio name=size value=large>";
    for (controls, name, fill, target, part) in [
        (
            "<input name=nick><input name=text>",
            "nik",
            text("x"),
            true,
            "no field `nik`, did you mean `nick`? (it has: nick, text)",
        ),
        ("", "nick", text("x"), true, "(it has none)"),
        (
            "<input name=a disabled>",
            "a",
            text("x"),
            true,
            "`a` of the form is disabled",
        ),
        (
            radio,
            "size",
            text("huge"),
            true,
            "no choice `huge` (it has: small, large)",
        ),
        (
            radio,
            "size",
            Fill::Flag(true),
            false,
            "takes the value to choose",
        ),
        (
            "<select name=s><option disabled>x<option>y</select>",
            "s",
            text("x"),
            true,
            "(it has: y)",
        ),
        (
            "<input name=a><input name=a>",
            "a",
            text("x"),
            true,
            "2 fields `a`: it takes a list of 2",
        ),
        (
            "<input name=a>",
            "a",
            Fill::Flag(true),
            false,
            "takes a text",
        ),
        (
            "<input type=file name=f>",
            "f",
            text("x"),
            false,
            "takes a file",
        ),
        (
            "<button name=go value=1>",
            "go",
            text("2"),
            true,
            "no choice `2`",
        ),
        (
            "<button name=go value=1>",
            "go",
            Fill::Flag(false),
            false,
            "because it is a button",
        ),
    ] {
        let html = format!("<form>{controls}</form>");
        let error = submit(&html, &[(name, fill)]).expect_err(controls);
        assert_eq!(matches!(error, FormError::Page(_)), target, "{error}");
        assert!(error.to_string().contains(part), "{controls}: {error}");
    }
}

#[test]
fn where_a_form_leads_and_how() {
    for (html, method, url) in [
        ("<form>", "GET", "http://h/dir/page?"),
        (
            "<form action=''><input name=a value=1>",
            "GET",
            "http://h/dir/page?a=1",
        ),
        (
            "<form action='x?old=1#f'><input name=a>",
            "GET",
            "http://h/dir/x?a=#f",
        ),
        (
            "<form method=POST action='/x?keep=1'>",
            "POST",
            "http://h/x?keep=1",
        ),
        ("<form method=post>", "POST", "http://h/dir/page?q=1"),
        (
            "<base href='//other/b/'><form method=post action=x>",
            "POST",
            "http://other/b/x",
        ),
        (
            "<base href='//other/b/'><form method=post>",
            "POST",
            "http://h/dir/page?q=1",
        ),
        (
            "<form action=x><button formaction=y formmethod=post>",
            "POST",
            "http://h/dir/y",
        ),
        (
            "<form method=strange action=mailto:a@b>",
            "GET",
            "mailto:a@b?",
        ),
    ] {
        let made = submit(html, &[]).expect(html);
        assert_eq!((made.method, made.url.as_str()), (method, url), "{html}");
        assert_eq!(made.body.is_some(), method == "POST");
    }
    for (html, part) in [
        ("<form action='http://'>", "is no address"),
        ("<form method=dialog>", "`dialog`"),
    ] {
        let error = submit(html, &[]).expect_err(html);
        assert!(error.to_string().contains(part), "{error}");
    }
}

#[test]
fn controls_belong_to_their_form_wherever_they_stand() {
    let outside = "<form id=f method=post></form><input name=a form=f><input name=b>
                   <form id=f><input name=c form=f></form>";
    let made = submit(outside, &[]).expect("a form").body.expect("a body");
    assert_eq!(made.0, b"a=&c=");
    // Between rows a form holds nothing; its controls come after it.
    let table = "<table><form method=post><tr><td><input name=a value=1></td></tr></form></table>";
    let made = submit(table, &[]).expect("a form").body.expect("a body");
    assert_eq!(made.0, b"a=1");
    let page = page("<p>x</p><form id=g><b><input name=a></b></form>");
    let input = page.select(None, "input").expect("a selector")[0];
    let form = page.form_of(input).expect("it stands in one");
    assert_eq!(page.attribute(form, "id"), Some("g"));
    let para = page.select(None, "p").expect("a selector")[0];
    assert_eq!(page.form_of(para), None);
}

#[test]
fn files_and_other_encodings() {
    let file = Fill::File(
        FileFacts {
            name: "a.txt".into(),
            media: "text/plain".into(),
        },
        b"bytes\n".to_vec(),
    );
    let html = "<form method=post enctype=multipart/form-data><input name=n value='a&#10;b'>
                <input type=file name=f><input type=file name=g></form>";
    let (body, media) = submit(html, &[("f", file.clone())])
        .expect("a form")
        .body
        .expect("a body");
    let body = String::from_utf8(body).expect("text");
    assert!(media.starts_with("multipart/form-data; boundary=----jaunt"));
    for part in [
        "name=\"n\"\r\n\r\na\r\nb\r\n--",
        "name=\"f\"; filename=\"a.txt\"\r\nContent-Type: text/plain\r\n\r\nbytes\n\r\n--",
        "name=\"g\"; filename=\"\"\r\nContent-Type: application/octet-stream\r\n\r\n\r\n--",
    ] {
        assert!(body.contains(part), "{part:?} in {body:?}");
    }
    // Without multipart a file is its name.
    assert_eq!(sent("<input type=file name=f>", &[("f", file)]), "f=a.txt");
    let plain = "<form method=post enctype=text/plain><input name=a value='1 2'></form>";
    let made = submit(plain, &[]).expect("a form").body.expect("a body");
    assert_eq!(
        (made.0.as_slice(), made.1.as_str()),
        (&b"a=1 2\r\n"[..], "text/plain")
    );
    let latin = "<form accept-charset=latin1><input name=a value=é€&#x4e2d;></form>";
    let made = submit(latin, &[]).expect("a form");
    assert_eq!(made.url.query(), Some("a=%E9%80%26%2320013%3B"));
}
