//! The whole Dockerfile: lines, nodes, instructions and stages, with all errors collected on the way.

use super::ast::{
    Dockerfile, Instruction, InstructionKind, InstructionLine, ParseError, Parsed, Phase, Stage,
};
use super::heredoc;
use super::instruction::{self, InstructionError};
use super::lines::{LineError, LineReader, LogicalLine};
use super::node::{Node, SyntaxError};
use super::reference::ImageReference;
use crate::case::Case;
use crate::diagnostic::{Diagnostic, TextEdit};
use crate::text::TextRange;

/// Reads a Dockerfile.
///
/// It never fails: what could not be understood is left out of the stages and described in the diagnostics.
/// [`Dockerfile::error`] is the error that a build would stop with.
pub fn parse(text: &str) -> Parsed<Dockerfile> {
    let mut parser = Parser { text, dockerfile: Dockerfile::default(), without_stage: false };
    parser.run();
    let mut dockerfile = parser.dockerfile;
    crate::order::sort_by_key(&mut dockerfile.errors, |error| error.phase);
    let mut diagnostics: Vec<Diagnostic> =
        dockerfile.errors.iter().map(|error| error.diagnostic.clone()).collect();
    crate::order::sort_by_key(&mut diagnostics, |diagnostic| diagnostic.range);
    Parsed { value: dockerfile, diagnostics }
}

/// Reads the instruction that an `ONBUILD` kept for images built on top.
///
/// `lines` are those of the `FROM` that triggers it: BuildKit reports them for all that goes wrong with it. Ranges
/// are meaningless in the result, as the text is not part of the Dockerfile.
pub fn parse_trigger(expression: &str, lines: (u32, u32)) -> Result<Instruction, String> {
    let parsed = parse(expression).value;
    if let Some(error) = parsed.errors.iter().find(|error| error.phase == Phase::Syntax) {
        return Err(error.message.clone());
    }
    let [line] = parsed.lines.as_slice() else {
        return Err("onbuild trigger should be a single expression".into());
    };
    let mut instruction = match &line.instruction {
        None => return Err(line.failure.clone().unwrap_or_default()),
        Some(Instruction { kind: InstructionKind::From(_), .. }) => {
            return Err("*instructions.Stage is not a command type".into());
        }
        Some(instruction) => instruction.clone(),
    };
    (instruction.start_line, instruction.end_line) = lines;
    instruction.range = TextRange::default();
    instruction.keyword_range = TextRange::default();
    Ok(instruction)
}

/// The images of BuildKit's own frontend.
const FRONTENDS: [&str; 2] = ["docker/dockerfile", "docker/dockerfile-upstream"];

struct Parser<'a> {
    text: &'a str,
    dockerfile: Dockerfile,
    /// Whether an instruction in front of the first stage was reported already.
    without_stage: bool,
}

impl Parser<'_> {
    fn run(&mut self) {
        if self.text.is_empty() {
            let range = TextRange::default();
            return self.error(Phase::Syntax, "parse/empty", "the Dockerfile cannot be empty", None, range);
        }
        let mut reader = LineReader::new(self.text);
        // Errors of directives come up line by line, between those of the instructions.
        while let Some(line) = reader.next_line() {
            self.take_line_errors(&mut reader);
            self.line(&mut reader, line);
        }
        self.take_line_errors(&mut reader);
        if self.dockerfile.lines.is_empty() {
            let last = reader.line_count();
            let range = TextRange::new(self.text.len(), self.text.len());
            let message = "file with no instructions";
            self.error(Phase::Syntax, "parse/no-instructions", message, Some((last, last)), range);
        } else if self.dockerfile.stages.is_empty() && !self.without_stage {
            let range = TextRange::new(self.text.len(), self.text.len());
            let message = "dockerfile contains no stages to build";
            self.error(Phase::Instruction, "parse/no-stages", message, None, range);
        }
        self.dockerfile.escape = reader.escape;
        self.dockerfile.directives = reader.directives;
        self.find_frontend();
        let syntax = self.dockerfile.syntax_lines();
        for error in &mut self.dockerfile.errors {
            error.lines = error.lines.or(syntax);
        }
    }

    /// Looks at the image that `# syntax=` names. This frontend stands for every version of BuildKit's own; there are
    /// no others.
    fn find_frontend(&mut self) {
        let Some(directive) = self.dockerfile.directive("syntax") else { return };
        let (range, lines) = (directive.range, (directive.line, directive.line));
        let name = directive.value.split(' ').next().unwrap_or_default();
        let message = match ImageReference::parse(name) {
            Err(reason) => reason,
            Ok(image) if image.domain == "docker.io" && FRONTENDS.contains(&image.path.as_str()) => return,
            Ok(image) => {
                let name = image.with_default_tag();
                format!("failed to resolve source metadata for {name}: {name}: not found")
            }
        };
        self.error(Phase::Frontend, "parse/unknown-frontend", &message, Some(lines), range);
        if let Some(error) = self.dockerfile.errors.last_mut() {
            error.diagnostic.help = Some("docker/dockerfile is the frontend that is known".into());
        }
    }

    fn line(&mut self, reader: &mut LineReader<'_>, mut line: LogicalLine) {
        let mut node = match Node::parse(&line.text, reader.escape) {
            Ok(node) => node,
            Err(error) => return self.syntax_error(&line, error),
        };
        if node.takes_heredocs() {
            let heredocs = heredoc::in_line(&line.text).and_then(|mut heredocs| {
                reader.read_heredocs(&mut line, &mut heredocs)?;
                Ok(heredocs)
            });
            match heredocs {
                Ok(heredocs) => node.heredocs = heredocs,
                Err(message) => {
                    let place = String::from("<<");
                    return self.syntax_error(&line, SyntaxError { code: "parse/heredoc", message, place });
                }
            }
        }
        self.node(line, node);
    }

    fn node(&mut self, line: LogicalLine, node: Node) {
        let keyword_start = line.text.len() - line.text.trim_start().len();
        let keyword_range = line.source_range(keyword_start, keyword_start + node.keyword.len());
        let mut entry = InstructionLine {
            keyword: node.keyword.clone(),
            keyword_range,
            range: line.range(),
            start_line: line.start_line,
            end_line: line.end_line,
            empty_continuation: line.empty_continuation,
            comments: line.comments.clone(),
            words: node.arguments.clone(),
            instruction: None,
            failure: None,
        };
        match instruction::parse(&node) {
            Ok(kind) => {
                let instruction = Instruction {
                    kind,
                    text: node.original.trim().to_owned(),
                    keyword: node.keyword,
                    keyword_range,
                    range: entry.range,
                    start_line: line.start_line,
                    end_line: line.end_line,
                    comments: line.comments,
                };
                entry.instruction = Some(instruction.clone());
                self.place(instruction, &mut entry);
            }
            Err(error) => {
                entry.failure = Some(error.message.clone());
                self.instruction_error(&line, keyword_range, error);
            }
        }
        self.dockerfile.lines.push(entry);
    }

    /// Puts an instruction into its stage.
    fn place(&mut self, instruction: Instruction, entry: &mut InstructionLine) {
        let dockerfile = &mut self.dockerfile;
        if let InstructionKind::From(from) = &instruction.kind {
            dockerfile.stages.push(Stage {
                index: dockerfile.stages.len(),
                name: from.name.as_ref().map(|name| name.lower()),
                base: from.base.clone(),
                platform: from.platform.clone(),
                range: instruction.range,
                from: instruction,
                instructions: Vec::new(),
            });
        } else if let Some(stage) = dockerfile.stages.last_mut() {
            stage.range = stage.range.cover(instruction.range);
            stage.instructions.push(instruction);
        } else if matches!(instruction.kind, InstructionKind::Arg(_)) {
            dockerfile.global_args.push(instruction);
        } else if !self.without_stage {
            self.without_stage = true;
            let message = "no build stage in current context";
            entry.failure = Some(message.into());
            let lines = Some((instruction.start_line, instruction.end_line));
            self.error(Phase::Instruction, "parse/no-stage", message, lines, instruction.keyword_range);
            if let Some(error) = self.dockerfile.errors.last_mut() {
                error.diagnostic.help = Some("only ARG may stand in front of the first FROM".into());
            }
        }
    }

    fn take_line_errors(&mut self, reader: &mut LineReader<'_>) {
        for LineError { code, message, lines, range } in reader.errors.drain(..) {
            self.error(Phase::Syntax, code, &message, Some(lines), range);
        }
    }

    fn syntax_error(&mut self, line: &LogicalLine, error: SyntaxError) {
        let range = find_place(line, &error.place).unwrap_or_else(|| line.range());
        let lines = Some((line.start_line, line.end_line));
        self.error(Phase::Syntax, error.code, &error.message, lines, range);
    }

    fn instruction_error(&mut self, line: &LogicalLine, keyword_range: TextRange, error: InstructionError) {
        let place = error.place.as_deref().and_then(|place| find_place(line, place));
        let range = place.unwrap_or(if error.place.is_some() { line.range() } else { keyword_range });
        let mut diagnostic = Diagnostic::error(error.code, range, &error.message);
        if let (Some(replacement), Some(range)) = (error.replacement, place) {
            diagnostic = diagnostic.help(format!("did you mean {replacement}?"));
            let title = format!("Replace with {replacement}");
            diagnostic = diagnostic.fix(title, vec![TextEdit { range, replacement }]);
        }
        self.dockerfile.errors.push(ParseError {
            phase: Phase::Instruction,
            message: format!("dockerfile parse error on line {}: {}", line.start_line, error.message),
            lines: Some((line.start_line, line.end_line)),
            diagnostic,
        });
    }

    fn error(
        &mut self,
        phase: Phase,
        code: &'static str,
        message: &str,
        lines: Option<(u32, u32)>,
        range: TextRange,
    ) {
        let diagnostic = Diagnostic::error(code, range, message);
        self.dockerfile.errors.push(ParseError { phase, message: message.to_owned(), lines, diagnostic });
    }
}

/// Where a part of a line is in the text.
fn find_place(line: &LogicalLine, part: &str) -> Option<TextRange> {
    if part.is_empty() {
        return None;
    }
    line.text.find(part).map(|start| line.source_range(start, start + part.len()))
}
