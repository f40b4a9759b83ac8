//! Reading a text for its fenced blocks: what a person is told to type, to write, and to expect.

/// A fenced block: its language, what else stands on its first line, and what is in it.
pub(crate) struct Block<'a> {
    pub(crate) language: &'a str,
    pub(crate) file: Option<&'a str>,
    pub(crate) content: String,
}

/// All of them, in their order.
pub(crate) fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut blocks: Vec<Block<'_>> = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        match line.strip_prefix("```") {
            Some(_) if inside => inside = false,
            Some(head) => {
                let (language, file) =
                    head.split_once(' ').map_or((head, None), |(language, file)| (language, Some(file)));
                blocks.push(Block { language, file, content: String::new() });
                inside = true;
            }
            None if inside => {
                let content = &mut blocks.last_mut().unwrap().content;
                content.push_str(line);
                content.push('\n');
            }
            None => {}
        }
    }
    blocks
}
