use super::*;

#[test]
fn the_stubs_are_read_whole() {
    let api = Reference::get();
    let text: String = crate::script::types::FILES
        .iter()
        .map(|(_, text)| *text)
        .collect();
    let lines = |start: &str| text.lines().filter(|line| line.starts_with(start)).count();
    let classes = || api.pages.iter().flat_map(|page| &page.classes);
    assert_eq!(classes().count(), lines("---@class "));
    let functions = classes().map(|class| class.functions.len()).sum::<usize>()
        + api
            .pages
            .iter()
            .map(|page| page.functions.len())
            .sum::<usize>();
    assert_eq!(functions, lines("function "));
    let fields: usize = classes()
        .map(|class| class.fields.len() + usize::from(class.open))
        .sum();
    let values = text.lines().filter(|line| line.ends_with(" = nil")).count();
    assert_eq!(fields, lines("---@field ") + values);
}

#[test]
fn names_are_found_with_what_they_inherit() {
    let api = Reference::get();
    assert!(api.module("match").is_some() && api.module("Journey").is_none());
    assert!(api.field("EventsOptions", "query").is_some());
    assert_eq!(
        api.method("Journey", "client").map(|it| &*it.returns[0].0),
        Some("Client")
    );
    assert!(api.members("Headers").is_none());
    assert!(
        api.members("Stream")
            .is_some_and(|all| all.contains(&"expect_none"))
    );
    assert!(api.function("journey").is_some());
}

#[test]
fn every_function_says_what_it_does_and_shows_how() {
    let api = Reference::get();
    for page in &api.pages {
        let of_classes = page.classes.iter().flat_map(|class| &class.functions);
        for function in page.functions.iter().chain(of_classes) {
            let name = &function.name;
            assert!(
                !function.prose.is_empty(),
                "{}: {name} says nothing",
                page.file
            );
            assert!(
                !function.example.is_empty(),
                "{}: {name} shows nothing",
                page.file
            );
            assert!(
                function.prose.contains("aise"),
                "{}: {name} does not say what it raises",
                page.file
            );
        }
        for class in &page.classes {
            for field in &class.fields {
                assert!(!field.kind.is_empty(), "{}.{}", class.name, field.name);
                let option = class.name.ends_with("Options") && field.optional;
                assert!(
                    !option || !field.prose.is_empty(),
                    "{}.{} says nothing",
                    class.name,
                    field.name
                );
            }
        }
    }
}
