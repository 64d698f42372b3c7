//! `j.random`, `j.fake` and `math.random`: values that follow the run's seed.

use std::cell::RefCell;
use std::rc::Rc;

use fake::Fake as _;
use mlua::{FromLuaMulti, IntoLua, Lua, MultiValue, Table, Value};
use rand::rngs::StdRng;
use rand::{Rng as _, RngExt as _, SeedableRng as _};

use crate::script::errors::kind_of;
use crate::script::host::Host;
use crate::script::prelude::read_only;
use crate::script::raise::wrong;

/// The generator that all random values of an attempt follow.
pub type Random = Rc<RefCell<StdRng>>;

/// A generator for one journey of a run: the same seed gives the same values, whatever else runs.
pub fn seeded(seed: &str, journey: &str) -> StdRng {
    // FNV-1a, four times with different starts: stable across versions, which hashers are not.
    let mut bytes = [0_u8; 32];
    for (index, part) in bytes.chunks_mut(8).enumerate() {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64 ^ index as u64;
        for byte in seed.bytes().chain([0]).chain(journey.bytes()) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        part.copy_from_slice(&hash.to_le_bytes());
    }
    StdRng::from_seed(bytes)
}

/// `j.random`.
pub fn module(lua: &Lua, random: &Random) -> mlua::Result<Table> {
    let table = lua.create_table()?;
    method(
        lua,
        &table,
        random,
        "integer",
        |random, (low, high): (i64, i64)| {
            if low > high {
                return Err(wrong(format!(
                    "`random:integer` takes a range, found {low} to {high}"
                )));
            }
            Ok(random.random_range(low..=high))
        },
    )?;
    let own = random.clone();
    let bytes = lua.create_function(move |lua, (_, count): (Value, i64)| {
        const MOST: usize = 16 << 20;
        let fits = usize::try_from(count).ok().filter(|count| *count <= MOST);
        let Some(count) = fits else {
            return Err(wrong(format!(
                "`random:bytes` takes a number of bytes up to {MOST}, found {count}"
            )));
        };
        let mut bytes = vec![0_u8; count];
        own.borrow_mut().fill_bytes(&mut bytes);
        let drawn = Value::String(lua.create_string(bytes)?);
        say(lua, &drawn);
        Ok(drawn)
    })?;
    table.raw_set("bytes", bytes)?;
    method(lua, &table, random, "choice", |random, list: Value| {
        let Value::Table(list) = list else {
            return Err(wrong(format!(
                "`random:choice` takes a list, found {}",
                kind_of(&list)
            )));
        };
        let length = list.raw_len();
        if length == 0 {
            return Err(wrong("`random:choice` of an empty list"));
        }
        list.raw_get::<Value>(random.random_range(1..=length))
    })?;
    method(lua, &table, random, "uuid", |random, (): ()| {
        let mut bytes = [0_u8; 16];
        random.fill_bytes(&mut bytes);
        Ok(uuid::Builder::from_random_bytes(bytes)
            .into_uuid()
            .to_string())
    })?;
    read_only(lua, "j.random", table)
}

/// `j.fake`.
pub fn fake(lua: &Lua, random: &Random) -> mlua::Result<Table> {
    use fake::faker::{address, company, internet, lorem, name, phone_number};
    let table = lua.create_table()?;
    macro_rules! faker {
        ($name:literal, $faker:expr) => {
            method(lua, &table, random, $name, |random, (): ()| {
                let value: String = $faker.fake_with_rng(random);
                Ok(value)
            })?;
        };
    }
    faker!("name", name::en::Name());
    faker!("first_name", name::en::FirstName());
    faker!("last_name", name::en::LastName());
    faker!("email", internet::en::SafeEmail());
    faker!("username", internet::en::Username());
    faker!("password", internet::en::Password(12..20));
    faker!("company", company::en::CompanyName());
    faker!("city", address::en::CityName());
    faker!("street", address::en::StreetName());
    faker!("country", address::en::CountryName());
    faker!("phone", phone_number::en::PhoneNumber());
    faker!("word", lorem::en::Word());
    faker!("sentence", lorem::en::Sentence(4..10));
    faker!("paragraph", lorem::en::Paragraph(3..6));
    read_only(lua, "j.fake", table)
}

/// `math.random` that follows the seed; `math.randomseed` is refused, because `--seed` decides.
pub fn replace_math(lua: &Lua, env: &Table, random: &Random) -> mlua::Result<()> {
    let math: Table = env.raw_get("math")?;
    let own = random.clone();
    let function = lua.create_function(move |_, bounds: MultiValue| {
        let mut random = own.borrow_mut();
        let bounds: Vec<Option<i64>> = bounds.iter().map(Value::as_integer).collect();
        match bounds.as_slice() {
            [] => Ok(Value::Number(random.random::<f64>())),
            [Some(0)] => Ok(Value::Integer(random.random())),
            [Some(high)] if *high >= 1 => Ok(Value::Integer(random.random_range(1..=*high))),
            [Some(low), Some(high)] if low <= high => {
                Ok(Value::Integer(random.random_range(*low..=*high)))
            }
            _ => Err(wrong(
                "`math.random` takes nothing, a bound from 1, or a range of whole numbers",
            )),
        }
    })?;
    math.raw_set("random", function)?;
    let refused = lua.create_function(|_, _: MultiValue| -> mlua::Result<()> {
        Err(wrong(
            "`math.randomseed` is not available: random values follow `--seed`",
        ))
    })?;
    math.raw_set("randomseed", refused)
}

/// Adds a method, which is called with a colon, that draws from the generator.
fn method<A: FromLuaMulti, R: IntoLua>(
    lua: &Lua,
    table: &Table,
    random: &Random,
    name: &'static str,
    draw: impl Fn(&mut StdRng, A) -> mlua::Result<R> + 'static,
) -> mlua::Result<()> {
    let own = random.clone();
    let function = lua.create_function(move |lua, mut arguments: MultiValue| {
        if !matches!(arguments.pop_front(), Some(Value::Table(_))) {
            return Err(wrong(format!("`{name}` is called with a colon")));
        }
        let arguments = A::from_lua_multi(arguments, lua).map_err(|error| {
            wrong(format!(
                "`{name}` was given something else than it takes: {error}"
            ))
        })?;
        let drawn = draw(&mut own.borrow_mut(), arguments)?.into_lua(lua)?;
        say(lua, &drawn);
        Ok(drawn)
    })?;
    table.raw_set(name, function)
}

/// A text that was drawn is a value of the journey's own.
fn say(lua: &Lua, drawn: &Value) {
    let Value::String(text) = drawn else {
        return;
    };
    // Nobody asks while a file is loaded.
    if let (Some(host), Ok(text)) = (lua.app_data_ref::<Rc<Host>>(), text.to_str()) {
        host.made(lua, &text);
    }
}
