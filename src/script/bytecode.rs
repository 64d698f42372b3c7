//! Keeps every line on the stack: turns the tail calls of a compiled file into plain calls.
//!
//! `return a:expect { … }` as the last statement of a function is a tail call: Lua forgets the
//! line it stands on before the call begins, and a report would point at the step around it. In
//! Lua 5.4 a tail call is the instruction `OP_TAILCALL`, always followed by the `OP_RETURN` that
//! would return all results of a plain `OP_CALL`; so the one instruction is exchanged for the
//! other (`lopcodes.h`, `lcode.c` of Lua 5.4). The layout of bytecode is that of `ldump.c`. Only
//! bytecode that this very process made is read here; anything unexpected leaves it as it is.

/// Numbers of the instructions in Lua 5.4.
const OP_CALL: u32 = 68;
const OP_TAILCALL: u32 = 69;
/// The lowest 7 bits of an instruction are its number, the highest 8 its operand C.
const OPCODE: u32 = 0x7f;
const OPERAND_C: u32 = 0xff << 24;
/// `ESC Lua`, version 5.4, format 0.
const SIGNATURE: [u8; 6] = [0x1b, b'L', b'u', b'a', 0x54, 0];
/// Signature, data check, three sizes, one integer and one float, then the number of upvalues.
const HEADER: usize = 6 + 6 + 3 + 8 + 8 + 1;

/// The same function without tail calls; nothing if the bytes are not as expected.
pub fn without_tail_calls(code: &[u8]) -> Option<Vec<u8>> {
    let mut reader = Reader {
        bytes: code.to_vec(),
        at: HEADER,
    };
    if !code.starts_with(&SIGNATURE) || code.get(12..15)? != [4, 8, 8] {
        return None;
    }
    reader.function()?;
    (reader.at == reader.bytes.len()).then_some(reader.bytes)
}

struct Reader {
    bytes: Vec<u8>,
    at: usize,
}

impl Reader {
    fn skip(&mut self, count: usize) -> Option<()> {
        let next = self.at.checked_add(count)?;
        (next <= self.bytes.len()).then(|| self.at = next)
    }

    fn byte(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    /// Seven bits a byte, the highest first; the last byte has its highest bit set.
    fn size(&mut self) -> Option<usize> {
        let mut size = 0_usize;
        loop {
            let byte = self.byte()?;
            size = size
                .checked_mul(128)?
                .checked_add(usize::from(byte & 0x7f))?;
            if byte & 0x80 != 0 {
                return Some(size);
            }
        }
    }

    fn string(&mut self) -> Option<()> {
        match self.size()? {
            0 => Some(()),
            size => self.skip(size - 1),
        }
    }

    /// As many of something as a size says.
    fn each(&mut self, one: impl Fn(&mut Self) -> Option<()>) -> Option<()> {
        for _ in 0..self.size()? {
            one(self)?;
        }
        Some(())
    }

    fn function(&mut self) -> Option<()> {
        self.string()?;
        self.size()?;
        self.size()?;
        self.skip(3)?;
        self.each(Self::instruction)?;
        self.each(Self::constant)?;
        self.each(|reader| reader.skip(3))?;
        self.each(Self::function)?;
        self.debug()
    }

    fn instruction(&mut self) -> Option<()> {
        let place = self.at..self.at.checked_add(4)?;
        let bytes: [u8; 4] = self.bytes.get(place.clone())?.try_into().ok()?;
        let instruction = u32::from_ne_bytes(bytes);
        if instruction & OPCODE == OP_TAILCALL {
            // C = 0 of a call means all results, as a tail call returns them.
            let call = (instruction & !OPCODE & !OPERAND_C) | OP_CALL;
            self.bytes[place].copy_from_slice(&call.to_ne_bytes());
        }
        self.skip(4)
    }

    fn constant(&mut self) -> Option<()> {
        match self.byte()? {
            // nil, false, true
            0x00 | 0x01 | 0x11 => Some(()),
            // integer, float
            0x03 | 0x13 => self.skip(8),
            // short and long string
            0x04 | 0x14 => self.string(),
            _ => None,
        }
    }

    fn debug(&mut self) -> Option<()> {
        self.each(|reader| reader.skip(1))?;
        self.each(|reader| reader.size().and(reader.size()).map(drop))?;
        self.each(|reader| {
            reader
                .string()
                .and(reader.size())
                .and(reader.size())
                .map(drop)
        })?;
        self.each(Self::string)
    }
}

#[cfg(test)]
mod tests {
    use mlua::{Function, Lua};

    use super::*;

    fn patched(lua: &Lua, source: &str) -> Function {
        let plain = lua
            .load(source)
            .set_name("@f.lua")
            .into_function()
            .expect("it compiles");
        let code = without_tail_calls(&plain.dump(false)).expect("it is understood");
        lua.load(code)
            .set_name("@f.lua")
            .into_function()
            .expect("it loads")
    }

    #[test]
    fn a_returned_call_keeps_its_line() {
        let lua = Lua::new();
        let source = "local function deep() error('x') end\nlocal function outer()\n  return deep()\nend\nreturn outer()";
        let traceback =
            |function: Function| function.call::<()>(()).expect_err("it raises").to_string();
        let plain = lua
            .load(source)
            .set_name("@f.lua")
            .into_function()
            .expect("it compiles");
        assert!(
            !traceback(plain).contains("f.lua:3:"),
            "Lua keeps it by itself: this file is not needed"
        );
        assert!(traceback(patched(&lua, source)).contains("f.lua:3:"));
    }

    #[test]
    fn results_varargs_upvalues_and_closing_stay_as_they_are() {
        let lua = Lua::new();
        let source = r#"
            local log = {}
            local function three() return 1, 2.5, "x" end
            local function all(...) return select(1, ...) end
            local function nested(n) if n == 0 then return three() end return (function(m) return all(three()) end)(n) end
            local function closing()
              local kept <close> = setmetatable({}, { __close = function() log[#log + 1] = "closed" end })
              local up = function() return #log end
              return up()
            end
            local big, neg, t, f, nothing = 2^53, -7, true, false, nil
            local a, b, c = nested(3)
            local d, e = closing(), #log
            return a, b, c, d, e, select('#', all()), big, neg, t, f, nothing
        "#;
        let plain: String = text(
            &lua,
            &lua.load(source).into_function().expect("it compiles"),
        );
        assert_eq!(text(&lua, &patched(&lua, source)), plain);
        assert!(plain.starts_with("1 2.5 x 0 1 "), "{plain}");
    }

    fn text(lua: &Lua, function: &Function) -> String {
        let show: Function = lua
            .load("local p = table.pack(...) for i = 1, p.n do p[i] = tostring(p[i]) end return table.concat(p, ' ')")
            .into_function()
            .expect("it compiles");
        let values: mlua::MultiValue = function.call(()).expect("it runs");
        show.call(values).expect("text")
    }

    #[test]
    fn a_deep_recursion_ends_in_an_error_not_in_a_crash() {
        let lua = Lua::new();
        let error = patched(&lua, "local function f(n) return f(n + 1) end return f(0)")
            .call::<()>(())
            .expect_err("too deep");
        assert!(error.to_string().contains("stack overflow"), "{error}");
    }

    #[test]
    fn what_is_no_bytecode_is_left_alone() {
        assert_eq!(without_tail_calls(b"return 1"), None);
        let lua = Lua::new();
        let code = lua
            .load("return 1")
            .into_function()
            .expect("it compiles")
            .dump(false);
        assert_eq!(without_tail_calls(&code[..code.len() - 1]), None);
        assert_eq!(without_tail_calls(&code).as_deref(), Some(code.as_slice()));
    }
}
