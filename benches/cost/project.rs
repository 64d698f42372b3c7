//! The project whose journeys are walked: what [`super::by_hand`] does, written for jaunt.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

/// Two users meet, one says something, the other hears it; both are closed at the end.
const CHAT: &str = r#"
local function walk(j, room)
  local function join(name, nick)
    local user = j:client(name, { base = room, headers = { ["x-real-ip"] = j:unique_ip() } })
    local socket = user:websocket("/chat/ws", { query = { nick = nick } })
    socket:expect { type = "identity", nick = nick }
    return socket
  end
  local alice, bob = j:unique("alice"), j:unique("bob")
  local a = join("alice", alice)
  local b = join("bob", bob)
  a:expect { type = "system", text = bob .. " joined" }
  local text = j:unique("hello")
  b:send { type = "message", text = text }
  a:expect { type = "message", text = text }
end
"#;

/// A secret is left, read once, and gone.
const DROP: &str = r#"
journey("a secret is read once", function(j)
  local user = j:client("user", { headers = { ["x-real-ip"] = j:unique_ip() } })
  local secret = { ciphertext = j:unique("sealed"), iv = j:unique("iv"), ttl_hours = 24 }
  local id = user:post("/drop/api/create", { json = secret })
    :expect({ status = 200, json = { id = match.uuid } }).json.id
  user:get("/drop/api/secret/" .. id)
    :expect { status = 200, json = { ciphertext = secret.ciphertext, iv = secret.iv } }
  user:get("/drop/api/secret/" .. id):expect { status = 404 }
end)
"#;

/// A folder with a project file and one file of journeys.
pub(crate) struct Project(TempDir);

impl Project {
    /// One chat journey for each of the rooms, which it has for itself if there are several. Each
    /// stands in a file of its own, because an attempt executes its whole file.
    pub(crate) fn chat(rooms: &[SocketAddr]) -> Self {
        let journey = |number: usize| {
            let lock = match rooms.len() {
                1 => String::new(),
                _ => format!("{{ lock = \"room{number}\" }}, "),
            };
            let walk = format!("function(j) walk(j, \"room{number}\") end");
            format!("{CHAT}journey(\"room {number}\", {lock}{walk})\n")
        };
        let journeys: Vec<String> = (0..rooms.len()).map(journey).collect();
        Self::of_files(rooms, "/chat/health", &journeys)
    }

    /// One drop journey.
    pub(crate) fn drop(at: SocketAddr) -> Self {
        Self::new(&[at], "/drop/health", DROP)
    }

    /// Any journeys.
    pub(crate) fn new(services: &[SocketAddr], floor: &str, journeys: &str) -> Self {
        Self::of_files(services, floor, &[journeys.to_string()])
    }

    fn of_files(services: &[SocketAddr], floor: &str, files: &[String]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let named = services.iter().enumerate();
        let named: Vec<String> = named
            .map(|(number, at)| format!("room{number} = \"http://{at}\""))
            .collect();
        let toml = format!(
            "[targets.bench]\nurl = \"http://{}\"\nservices = {{ {} }}\nfloor = [{floor:?}]\n\
             [run]\ntarget = \"bench\"\ntimeout = \"120s\"\n",
            services[0],
            named.join(", "),
        );
        std::fs::write(folder.path().join("jaunt.toml"), toml).unwrap();
        std::fs::create_dir(folder.path().join("journeys")).unwrap();
        for (number, text) in files.iter().enumerate() {
            let path = folder.path().join(format!("journeys/bench{number}.lua"));
            std::fs::write(path, text).unwrap();
        }
        Self(folder)
    }

    /// `jaunt run` in it, with all its reports.
    pub(crate) fn run(&self, repeat: usize, jobs: usize) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_jaunt"));
        command
            .arg("run")
            .args(["--repeat", &repeat.to_string(), "--jobs", &jobs.to_string()])
            .current_dir(self.0.path());
        command
    }

    /// Where it is.
    pub(crate) fn root(&self) -> &Path {
        self.0.path()
    }
}
