//! Files outside the project, and files that are none.

use crate::attempts;
use crate::prison::{Prison, SECRET, in_vain, refused};

attempts! { refused;
    the_library_io: "io.open('OUTSIDE/secret.txt')" => "`io` is not available to journeys";
    the_library_os: "os.getenv('HOME')" => "`os` is not available to journeys";
    a_file_as_code: "dofile('OUTSIDE/loot.lua')" => "`dofile` is not available to journeys";
    a_file_as_a_function: "loadfile('OUTSIDE/loot.lua')" => "`loadfile` is not available to journeys";
    the_search_path_of_modules: "package.path = 'OUTSIDE/?.lua'" => "`package` is not available to journeys";
    modules_loaded_already: "j:note(package.loaded._G)" => "`package` is not available to journeys";
    a_native_library: "package.loadlib('libc.so.6', 'system')" => "`package` is not available to journeys";
    a_module_above_by_dots: "require('..loot')" => "is no module name";
    a_module_above_by_a_path: "require('../loot')" => "is no module name";
    a_module_by_an_absolute_path: "require('OUTSIDE/loot')" => "is no module name";
    a_module_behind_a_zero_byte: "require('lib\\0.loot')" => "is no module name";
    a_module_with_backslashes: "require('..\\\\loot')" => "is no module name";
    a_file_above: "j:file('../secret.txt')" => "is not below the project";
    a_file_above_that_is_not_there: "j:file('../nothing.txt')" => "is not below the project";
    a_file_by_an_absolute_path: "j:file('OUTSIDE/secret.txt')" => "is not below the project";
    a_file_by_a_path_in_and_out: "j:file('journeys/../../../etc/passwd')" => "`journeys/../../../etc/passwd`";
    the_environment_of_the_process: "j:file('/proc/self/environ')" => "is not below the project";
    the_memory_of_the_process: "j:file('/proc/self/mem')" => "is not below the project";
    an_open_file_of_the_process: "j:file('/dev/stdin')" => "`/dev/stdin`";
    a_device: "j:file('/dev/zero')" => "is not below the project";
    a_folder: "j:file('journeys')" => "is no file";
    an_authority_outside: "j:client('bob', { tls = { ca = 'OUTSIDE/secret.pem' } })" => "is not below the project";
    a_key_outside: "j:client('bob', { tls = { cert = 'OUTSIDE/secret.pem', key = 'OUTSIDE/secret.pem' } })" => "is not below the project";
    an_authority_of_one_request: "alice:get('/', { tls = { ca = '/etc/passwd' } })" => "is not below the project";
    an_upload_by_its_path: "alice:post('/', { multipart = { f = { path = 'OUTSIDE/secret.txt' } } })" => "`path`";
    a_body_by_its_path: "alice:post('/', { file = 'OUTSIDE/secret.txt' })" => "`file`";
}

attempts! { in_vain;
    an_entity_of_xml: r#"j:expect_error({ kind = "unreadable" }, function()
            return xml.decode('<!DOCTYPE x [<!ENTITY e SYSTEM "file://OUTSIDE/secret.txt">]><x>&e;</x>')
        end)"# => "no entity is read";
    the_name_of_an_uploaded_file: r#"alice:post('/', { multipart = { f = { filename = 'OUTSIDE/secret.txt', body = 'b' } } })"#
        => "a name is only a name";
}

#[test]
fn a_link_to_a_file() {
    Prison::new()
        .link("link.txt", "OUTSIDE/secret.txt")
        .journey("j:note(j:file('link.txt'))")
        .refused("is not below the project");
}

#[test]
fn a_link_to_a_folder() {
    Prison::new()
        .link("out", "OUTSIDE")
        .journey("j:note(j:file('out/secret.txt'))")
        .refused("is not below the project");
}

#[test]
fn a_link_to_the_environment_of_the_process() {
    Prison::new()
        .link("link", "/proc/self/environ")
        .journey("j:note(j:file('link'))")
        .refused("is not below the project");
}

#[test]
fn a_link_to_an_authority() {
    Prison::new()
        .link("ca.pem", "OUTSIDE/secret.pem")
        .journey("j:client('bob', { tls = { ca = 'ca.pem' } })")
        .refused("is not below the project");
}

#[test]
fn a_pipe_as_a_file() {
    Prison::new()
        .pipe("pipe")
        .journey("j:file('pipe')")
        .refused("is no file");
}

#[test]
fn a_module_behind_a_link() {
    Prison::new()
        .file("journeys/lib/x.lua", "")
        .link("journeys/lib/loot.lua", "OUTSIDE/loot.lua")
        .journey("j:note(require('lib.loot'))")
        .only("journeys/one.lua")
        .refused("leads out of the journeys folder");
}

#[test]
fn a_module_in_a_folder_behind_a_link() {
    Prison::new()
        .link("journeys/out", "OUTSIDE")
        .journey("j:note(require('out.loot'))")
        .refused("leads out of the journeys folder");
}

#[test]
fn names_of_files_in_a_folder_behind_a_link() {
    let prison = Prison::new()
        .link("journeys/out", "OUTSIDE")
        .journey("require('out.loto')");
    let ran = prison.run(&[]);
    assert_eq!(ran.code, Some(2), "{}", ran.shown());
    assert!(
        !ran.out.contains("out.loot"),
        "its names are told: {}",
        ran.shown()
    );
}

#[test]
fn a_pipe_as_a_module() {
    Prison::new()
        .file("journeys/lib/x.lua", "")
        .pipe("journeys/lib/pipe.lua")
        .journey("require('lib.pipe')")
        .only("journeys/one.lua")
        .refused("is no file");
}

#[test]
fn a_device_as_a_module() {
    Prison::new()
        .file("journeys/lib/x.lua", "")
        .link("journeys/lib/zero.lua", "/dev/zero")
        .journey("require('lib.zero')")
        .only("journeys/one.lua")
        .refused("leads out of the journeys folder");
}

#[test]
fn a_line_of_a_file_outside_in_a_report() {
    Prison::new()
        .journey("error('OUTSIDE/loot.lua:1: look', 0)")
        .refused("look");
}

#[test]
fn a_line_of_a_file_above_in_a_report() {
    let prison = Prison::new();
    let folder = prison.outside("").file_name().map(|name| name.to_owned());
    let folder = folder.expect("a name").into_string().expect("plain");
    prison
        .journey(&format!("error('../{folder}/loot.lua:1: look', 0)"))
        .refused("look");
}

#[test]
fn a_line_of_a_pipe_in_a_report() {
    Prison::new()
        .pipe("pipe.lua")
        .journey("error('pipe.lua:1: look', 0)")
        .refused("look");
}

#[test]
fn an_attachment_whose_name_is_a_path() {
    for name in ["../../x", "/OUTSIDE/x", "..\\\\..\\\\x", "x\\0y", "CON"] {
        let prison = Prison::new().journey(&format!("j:attach('{name}', 'loot')"));
        let ran = prison.run(&[]);
        assert_eq!(ran.code, Some(0), "{}", ran.shown());
        assert!(!prison.outside("x").exists());
        assert!(!prison.path("../x").exists() && !prison.path("x").exists());
    }
}

#[test]
fn a_journey_and_a_number_whose_names_are_paths() {
    let prison = Prison::new().file(
        "journeys/one.lua",
        "journey('../../x', function(j) j:record('OUTSIDE/x', 1) j:step('../x', function() end) end)",
    );
    let ran = prison.run(&[]);
    assert_eq!(ran.code, Some(0), "{}", ran.shown());
    assert!(!prison.outside("x").exists() && !prison.path("../x").exists());
}

/// Shows that what the others look for would be found.
#[test]
fn what_is_below_the_project_is_read() {
    let prison = Prison::new()
        .file("here.txt", "plain text")
        .journey("assert(j:file('here.txt') == 'plain text')");
    assert_eq!(prison.run(&[]).code, Some(0));
    let told = std::fs::read_to_string(prison.outside("secret.txt")).expect("it is there");
    assert_eq!(told, SECRET);
}
