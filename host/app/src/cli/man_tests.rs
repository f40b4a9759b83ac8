//! The whole tree of commands: each verb explains itself, with examples that work, and has a page.

use clap::Parser as _;

use super::*;

/// Every verb, with the words that it is typed with.
fn verbs(command: &Command, words: &str, found: &mut Vec<(String, Command)>) {
    for below in command.get_subcommands() {
        let words = format!("{words} {}", below.get_name());
        found.push((words.clone(), below.clone()));
        verbs(below, &words, found);
    }
}

fn all_verbs() -> Vec<(String, Command)> {
    let mut root = Cli::command().disable_help_subcommand(true);
    root.build();
    let mut found = Vec::new();
    verbs(&root, "stint", &mut found);
    assert!(found.len() > 20, "{}", found.len());
    found
}

/// The words of an example as a shell would hand them over, up to where it goes to another program.
fn words_of(example: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None, None);
    for letter in example.chars() {
        match (quote, letter) {
            (None, '|' | '>' | '&' | '#') => break,
            (None, ' ') => words.extend(word.take()),
            (None, '"' | '\'') => {
                quote = Some(letter);
                // Two quotes with nothing between them are a word too.
                word.get_or_insert_with(String::new);
            }
            (Some(open), _) if open == letter => quote = None,
            _ => word.get_or_insert_with(String::new).push(letter),
        }
    }
    words.extend(word);
    words
}

#[test]
fn the_tree_of_commands_is_sound() {
    Cli::command().debug_assert();
}

#[test]
fn every_verb_says_what_it_does_and_shows_examples_of_itself_that_are_understood() {
    for (words, command) in all_verbs() {
        assert!(command.get_about().is_some(), "{words} says nothing");
        for argument in command.get_arguments().filter(|argument| !argument.is_hide_set()) {
            assert!(argument.get_help().is_some(), "{words}: {} says nothing", argument.get_id());
        }
        if command.has_subcommands() {
            continue;
        }
        let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        assert!(help.starts_with("Example"), "{words} has no example");
        let (mut own, begin) = (0, format!("{words} "));
        for line in help.lines().filter_map(|line| line.strip_prefix("  stint")) {
            let example = format!("stint{line} ");
            own += usize::from(example.starts_with(&begin));
            let read = Cli::try_parse_from(words_of(&example));
            assert!(read.is_ok(), "{example}: {}", read.unwrap_err());
        }
        assert!(own > 0, "{words} shows examples of something else:\n{help}");
    }
}

#[test]
fn every_verb_has_a_page() {
    let pages = pages().unwrap();
    assert_eq!(pages[0].name, "stint.1");
    for (words, command) in all_verbs() {
        let name = words.replace(' ', "-");
        let page =
            pages.iter().find(|page| page.name == format!("{name}.1")).unwrap_or_else(|| panic!("{name}"));
        let roff = page.roff.as_deref().unwrap();
        assert!(roff.starts_with(&format!(".TH {name} 1 \"\" \"stint ")), "{roff}");
        assert!(roff.contains(&format!(".SH SYNOPSIS\n\\fB{words}\\fR ")), "{roff}");
        if !command.has_subcommands() {
            assert!(roff.contains(".SH EXAMPLE") && roff.contains("\n.nf\n"), "{roff}");
        }
    }
    assert_eq!(pages.len(), all_verbs().len() + 1);
}
