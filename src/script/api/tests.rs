//! The helper modules as scripts see them, and their stubs.

use std::collections::BTreeSet;

use mlua::{Lua, LuaOptions, StdLib, Table, Value as LuaValue};

use crate::model::ProblemKind;
use crate::script::raise::Raise;

type Made = fn(&Lua) -> mlua::Result<Table>;

/// Every module of this part: name, table, stub.
const MODULES: [(&str, Made, &str); 11] = [
    (
        "json",
        super::json::module,
        include_str!("../types/json.lua"),
    ),
    (
        "regex",
        super::regex::module,
        include_str!("../types/regex.lua"),
    ),
    (
        "time",
        super::time::module,
        include_str!("../types/time.lua"),
    ),
    ("url", super::url::module, include_str!("../types/url.lua")),
    (
        "base64",
        super::base64::module,
        include_str!("../types/base64.lua"),
    ),
    (
        "base64url",
        super::base64::url_module,
        include_str!("../types/base64.lua"),
    ),
    ("hex", super::hex::module, include_str!("../types/hex.lua")),
    (
        "html",
        super::html::module,
        include_str!("../types/html.lua"),
    ),
    ("xml", super::xml::module, include_str!("../types/xml.lua")),
    (
        "hash",
        super::hash::module,
        include_str!("../types/hash.lua"),
    ),
    (
        "match",
        super::r#match::module,
        include_str!("../types/match.lua"),
    ),
];

fn vm() -> Lua {
    let libs = StdLib::TABLE | StdLib::STRING | StdLib::MATH | StdLib::UTF8 | StdLib::COROUTINE;
    let lua = Lua::new_with(libs, LuaOptions::default()).expect("a VM");
    for (name, module, _) in MODULES {
        let table = module(&lua).expect(name);
        lua.globals().set(name, table).expect(name);
    }
    lua
}

fn holds(code: &str) {
    vm().load(code).exec().expect(code);
}

fn refused(code: &str) -> (ProblemKind, String) {
    let error = vm()
        .load(format!("return {code}"))
        .eval::<LuaValue>()
        .expect_err(code);
    let raised = error.downcast_ref::<Raise>().expect(code);
    (raised.problem.kind, raised.problem.message.clone())
}

/// The members that a stub describes.
fn described(stub: &str, module: &str) -> BTreeSet<String> {
    let member = format!(r"(?m)^(?:function )?{module}\.(\w+)(?:\(| = )");
    let member = regex::Regex::new(&member).expect("an expression");
    member
        .captures_iter(stub)
        .map(|found| found[1].to_string())
        .collect()
}

#[test]
fn stubs_and_modules_agree() {
    let lua = vm();
    for (name, module, stub) in MODULES {
        // As a script sees them, for some modules make a member when it is read.
        let names =
            "local names = {} for name in pairs(...) do names[#names + 1] = name end return names";
        let table = module(&lua).expect(name);
        let registered: Vec<String> = lua.load(names).call(table).expect(name);
        let registered = BTreeSet::from_iter(registered);
        assert!(!registered.is_empty());
        assert_eq!(described(stub, name), registered, "{name}");
    }
}

#[test]
fn every_member_of_a_stub_has_an_example_and_stubs_are_lua() {
    let lua = vm();
    for (name, _, stub) in MODULES {
        assert!(stub.starts_with("---@meta\n"), "{name}");
        lua.load(stub).into_function().expect(name);
        let of_all: usize = MODULES
            .iter()
            .filter(|(_, _, other)| *other == stub)
            .map(|(other, ..)| described(stub, other).len())
            .sum();
        assert_eq!(stub.matches("---```lua\n").count(), of_all, "{name}");
    }
}

#[test]
fn unknown_members_and_wrong_arguments_are_named() {
    for (code, part) in [
        (
            "json.decod('1')",
            "`json` has no `decod`, did you mean `decode`? (it has: array",
        ),
        ("base64.url", "`base64` has no `url`"),
        (
            "json.decode(nil)",
            "json.decode: the text should be a string, got nil",
        ),
        (
            "json.decode(1)",
            "json.decode: the text should be a string, got the integer 1",
        ),
        ("json.encode(nil)", "json.encode: the value is nil"),
        (
            "json.encode(print or next)",
            "json.encode: the value is a function",
        ),
        ("json.encode { a = 0/0 }", "json.encode: `a` is nan"),
        ("json.array { a = 1 }", "json.array: the table has keys"),
        (
            "json.object { 1 }",
            "json.object: the table has a list part",
        ),
        ("json.get({}, 'a b')", "json.get: `a b` is no JSONPath"),
        (
            "regex.match('a', '(')",
            "regex.match: this is no regular expression",
        ),
        (
            "regex.match('a', '(?P<year>a)').yaer",
            "no group `yaer` (it has: year)",
        ),
        (
            "regex.match({}, 'a')",
            "regex.match: the text should be a string, got a table",
        ),
        (
            "time.iso('x')",
            "time.iso: the time should be epoch seconds",
        ),
        ("time.iso(1e300)", "time.iso: not within range"),
        (
            "hex.encode(true)",
            "hex.encode: the bytes should be a string",
        ),
        (
            "hash.hmac('sha265', 'k', '')",
            "no digest `sha265`, did you mean `sha256`? (there are: md5",
        ),
        ("hash.md5(1)", "hash.md5: the bytes should be a string"),
        (
            "xml.encode(1)",
            "xml.encode: the value should be a string or an element",
        ),
        (
            "xml.encode { name = 'a', attr = {} }",
            "an element has no `attr`, did you mean `attrs`?",
        ),
        ("xml.encode { name = 'a b' }", "`a b` is no local name"),
        (
            "xml.encode { name = 'a:b' }",
            "a prefix is not written, `ns`",
        ),
        (
            "xml.encode { name = 'a', text = '\\x01' }",
            "`text` holds a character that XML cannot",
        ),
        ("xml.encode { text = 'a' }", "an element needs `name`"),
        (
            "(function() json.decod = 1 end)()",
            "`json` takes no new member: `decod`",
        ),
    ] {
        let (kind, message) = refused(code);
        assert_eq!(kind, ProblemKind::Script, "{code}");
        assert!(message.contains(part), "{code}: {message}");
    }
}

#[test]
fn what_cannot_be_decoded_is_the_targets_doing() {
    for (code, part) in [
        ("json.decode('{\"a\":')", "line 1, column"),
        ("json.decode('<html>')", "\"<html>\""),
        ("json.decode('\"\\xff\"')", "not UTF-8"),
        ("base64.decode('*')", "base64.decode: \"*\" is no base64"),
        ("base64url.decode('+/')", "is no base64url"),
        (
            "hex.decode('abc')",
            "hex.decode: \"abc\" is not hexadecimal",
        ),
        ("url.decode('a%2')", "at byte 2 of \"a%2\""),
        ("url.parse('/relative')", "is no absolute URL"),
        (
            "url.parse('http://h/').fragment",
            "the answer has no \"fragment\"",
        ),
        ("html.decode('\\xff')", "is not UTF-8"),
        ("xml.decode('<a>')", "xml.decode: "),
        ("xml.decode('<a/>').attrs.id", "the answer has no \"id\""),
        ("time.parse('yesterday')", "\"yesterday\" is no time"),
    ] {
        let (kind, message) = refused(code);
        assert_eq!(kind, ProblemKind::Unreadable, "{code}");
        assert!(message.contains(part), "{code}: {message}");
    }
}

#[test]
fn json_in_lua() {
    holds(
        r#"
        assert(json.encode(json.decode('{"b":[],"a":{},"n":null}')) == '{"a":{},"b":[],"n":null}')
        assert(json.encode {} == '{}' and json.encode(json.array {}) == '[]')
        assert(json.encode(json.array()) == '[]' and json.encode(json.object()) == '{}')
        assert(json.encode(json.object(json.array {})) == '{}')
        assert(json.decode('9007199254740993') == 9007199254740993)
        assert(math.type(json.decode('1.0')) == 'float')
        assert(json.decode('18446744073709551615', 'ignored') == '18446744073709551615')
        assert(tostring(json.null) == 'null' and json.decode('null') == json.null)
        local v = { items = { { id = 1 }, { id = 2, f = json.decode } } }
        assert(json.get(v, 'items[1]') == v.items[2], 'the thing itself')
        assert(json.get(v, 'items[1].f') == json.decode)
        assert(json.get(v, '$.items[7]') == nil and json.get(nil, 'a') == nil)
        assert(json.get(5, '$') == 5)
        assert(json.get(json.decode('{"a":null}'), 'a') == json.null)
        "#,
    );
}

#[test]
fn regex_in_lua() {
    holds(
        r"
        assert(regex.match('abc', 'x') == nil)
        assert(regex.match('abc', 'b')[1] == 'b')
        local m = regex.match('at 2026-03', [[(?P<year>\d+)-(?P<month>\d+)(?P<day>-\d+)?]])
        assert(m.year == '2026' and m[2] == '03' and m[0] == '2026-03' and #m == 3)
        assert(m.day == false and m[3] == false and m[4] == nil)
        assert(regex.match('\xff\x00a', [[(?-u)^(\xff)]])[1] == '\xff')
        ",
    );
}

#[test]
fn time_in_lua() {
    holds(
        r"
        assert(time.iso(0) == '1970-01-01T00:00:00Z')
        assert(time.iso(1.25) == '1970-01-01T00:00:01.25Z')
        assert(time.parse('1970-01-01T01:00:00+01:00') == 0)
        assert(math.type(time.parse('1970-01-01T00:00:01Z')) == 'integer')
        assert(time.parse('1970-01-01T00:00:01.5Z') == 1.5)
        assert(time.parse('Tue, 15 Nov 1994 08:12:31 GMT') == 784887151)
        assert(math.abs(time.parse(time.iso()) - time.now()) < 60)
        assert(time.parse(time.iso(1767225600.123456)) == 1767225600.123456)
        ",
    );
}

#[test]
fn url_in_lua() {
    holds(
        r"
        local u = url.parse('HTTPS://an%20n:pw@Example.com/a%2Fb/?q=a+b&k=1&k=2&e=#frag')
        assert(u.scheme == 'https' and u.host == 'example.com' and u.port == 443)
        assert(u.path == '/a%2Fb/' and u.fragment == 'frag')
        assert(u.user == 'an n' and u.password == 'pw')
        assert(u.query.q == 'a b' and u.query.k[2] == '2' and u.query.e == '')
        local w = url.parse('ws://[::1]:8080')
        assert(w.port == 8080 and w.host == '[::1]' and next(w.query) == nil)
        assert(json.get(w, 'fragment') == nil)
        assert(url.encode('a b/\xffz~') == 'a%20b%2F%FFz~')
        assert(url.decode(url.encode('ü&=+')) == 'ü&=+' and url.decode('a+b') == 'a+b')
        ",
    );
}

#[test]
fn bytes_in_lua() {
    holds(
        r"
        assert(base64.encode('\xff\xfe') == '//4=' and base64.decode('//4') == '\xff\xfe')
        assert(base64.decode('//4=') == '\xff\xfe' and base64.encode('') == '')
        assert(base64url.encode('\xff\xfe') == '__4' and base64url.decode('__4=') == '\xff\xfe')
        assert(hex.encode('\x00\xff') == '00ff' and hex.decode('00FF') == '\x00\xff')
        ",
    );
}

#[test]
fn html_and_xml_in_lua() {
    holds(
        r#"
        assert(html.encode([[<a href="x">&'</a>]]) == '&lt;a href=&quot;x&quot;&gt;&amp;&#39;&lt;/a&gt;')
        assert(html.encode('\xff') == '\xff' and xml.encode('<\xff>') == '&lt;\xff&gt;')
        assert(html.decode('&lt;b&gt; &amp;amp; &#65;&#x42; &eacute;&nbsp;&copy &nosuch; & &') ==
               '<b> &amp; AB é\u{a0}© &nosuch; & &')
        assert(html.decode('<b>\r\n\0</b>&') == '<b>\r\n\0</b>&')
        local e = xml.decode('<a:r xmlns:a="urn:a" k="1&lt;2"><i>x</i> <i/></a:r>', 'ignored')
        assert(e.name == 'r' and e.ns == 'urn:a' and e.attrs.k == '1<2' and e.text == '')
        assert(#e.children == 2 and e.children[1].text == 'x' and e.children[2].ns == '')
        local text = xml.encode { name = 'r', ns = 'urn:a', attrs = { k = 1, ['{urn:b}z'] = true },
                                  text = 'a<b', children = { { name = 'i', ns = '' }, { name = 'j' } } }
        assert(text == '<r xmlns="urn:a" k="1" xmlns:n1="urn:b" n1:z="true">a&lt;b<i xmlns=""/><j/></r>', text)
        local again = xml.decode(xml.encode(e))
        assert(again.ns == 'urn:a' and again.children[1].ns == '' and again.attrs.k == '1<2')
        "#,
    );
}

#[test]
fn hashes_in_lua() {
    holds(
        r"
        local h = hex.encode
        assert(h(hash.md5('')) == 'd41d8cd98f00b204e9800998ecf8427e')
        assert(h(hash.sha1('abc')) == 'a9993e364706816aba3e25717850c26c9cd0d89d')
        assert(h(hash.sha256('abc')) == 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
        assert(h(hash.sha512('abc')):sub(1, 16) == 'ddaf35a193617aba' and #hash.sha512('') == 64)
        -- RFC 4231, case 2; RFC 2202, case 2.
        assert(h(hash.hmac('sha256', 'Jefe', 'what do ya want for nothing?')) ==
               '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843')
        assert(h(hash.hmac('md5', 'Jefe', 'what do ya want for nothing?')) == '750c783e6ab0b503eaa86e310a5db738')
        assert(#hash.hmac('sha512', string.rep('k', 500), '') == 64 and #hash.hmac('sha1', '', '') == 20)
        ",
    );
}
