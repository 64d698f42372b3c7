//! What remains of Lua itself: the basics and the four modules of its own. A journey finds these
//! beside what the stubs describe.

/// What remains of Lua of the basics, and the names of its modules.
pub const BASICS: [&str; 18] = [
    "ipairs",
    "next",
    "pairs",
    "rawequal",
    "rawget",
    "rawlen",
    "rawset",
    "select",
    "getmetatable",
    "tonumber",
    "tostring",
    "type",
    "_VERSION",
    "_G",
    "table",
    "string",
    "math",
    "utf8",
];

/// What Lua's own modules have here.
pub const MODULES: [(&str, &[&str]); 4] = [
    (
        "string",
        &[
            "byte", "char", "find", "format", "gmatch", "gsub", "len", "lower", "match", "rep",
            "reverse", "sub", "upper", "pack", "packsize", "unpack",
        ],
    ),
    (
        "table",
        &[
            "concat", "insert", "move", "pack", "remove", "sort", "unpack",
        ],
    ),
    (
        "math",
        &[
            "abs",
            "ceil",
            "cos",
            "deg",
            "exp",
            "floor",
            "fmod",
            "huge",
            "log",
            "max",
            "maxinteger",
            "min",
            "mininteger",
            "modf",
            "pi",
            "rad",
            "random",
            "randomseed",
            "sin",
            "sqrt",
            "tan",
            "tointeger",
            "type",
            "ult",
            "acos",
            "asin",
            "atan",
            "atan2",
            "cosh",
            "frexp",
            "ldexp",
            "log10",
            "pow",
            "sinh",
            "tanh",
        ],
    ),
    (
        "utf8",
        &["char", "charpattern", "codes", "codepoint", "len", "offset"],
    ),
];

/// Whether strings have that method.
pub fn is_method_of_strings(name: &str) -> bool {
    MODULES[0].1.contains(&name)
}

/// Whether it is one of Lua's own modules.
pub fn is_module_of_lua(name: &str) -> bool {
    MODULES.iter().any(|(module, _)| *module == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lists above and the environment of scripts cannot part.
    #[test]
    fn what_remains_of_lua_is_what_scripts_find() {
        let lua = crate::script::vm::new().expect("a VM");
        let env = crate::script::vm::environment(&lua).expect("an environment");
        let mut basics = crate::script::vm::BASICS.to_vec();
        basics.extend(["_G", "table", "string", "math", "utf8"]);
        assert_eq!(BASICS.to_vec(), basics);
        for (module, known) in MODULES {
            let table: mlua::Table = env.raw_get(module).expect(module);
            let names = table.pairs::<String, mlua::Value>();
            let mut found: Vec<String> = names.map(|pair| pair.expect("a name").0).collect();
            found.sort();
            let mut known = known.to_vec();
            known.sort_unstable();
            assert_eq!(found, known, "{module}");
        }
    }
}
