//! From pieces to the syntax tree.

use super::ast::{Base, Block, Node, Operand, Pipeline};
use super::functions;
use super::lexer::{Kind, Malformed, Piece, Token, pieces};

/// Reads a template.
pub(super) fn parse(text: &str) -> Result<Block, Malformed> {
    let pieces = pieces(text)?;
    let mut parser = Parser { text, pieces: pieces.into_iter(), line: 1, variables: Vec::new() };
    let (block, end) = parser.block(false)?;
    match end {
        End::Text => Ok(block),
        End::Closed => Err(parser.fail("unexpected {{end}}")),
        End::Else(_) => Err(parser.fail("unexpected {{else}}")),
    }
}

struct Parser<'a> {
    text: &'a str,
    pieces: std::vec::IntoIter<Piece>,
    line: usize,
    variables: Vec<String>,
}

enum End {
    Text,
    Closed,
    /// With the tokens behind it.
    Else(Vec<Token>),
}

impl Parser<'_> {
    fn fail(&self, message: impl Into<String>) -> Malformed {
        Malformed { line: self.line, message: message.into() }
    }

    /// Nodes up to an `end` or `else`, or to the end of the text.
    fn block(&mut self, in_range: bool) -> Result<(Block, End), Malformed> {
        let mut block = Block::new();
        while let Some(piece) = self.pieces.next() {
            let (tokens, line) = match piece {
                Piece::Text(text) => {
                    block.push(Node::Text(text));
                    continue;
                }
                Piece::Action(tokens, line) => (tokens, line),
            };
            self.line = line;
            let (word, rest) = keyword(&tokens);
            match word {
                "end" => return Ok((block, End::Closed)),
                "else" => return Ok((block, End::Else(rest.to_vec()))),
                "break" | "continue" if !in_range => {
                    return Err(self.fail(format!("{{{{{word}}}}} outside {{{{range}}}}")));
                }
                "break" => block.push(Node::Break),
                "continue" => block.push(Node::Continue),
                "if" | "with" | "range" => {
                    let word = word.to_owned();
                    let node = self.control(&word, rest, in_range)?;
                    block.push(node);
                }
                _ => block.push(Node::Action(self.pipeline(&tokens, "command")?)),
            }
        }
        Ok((block, End::Text))
    }

    fn control(&mut self, word: &str, rest: &[Token], in_range: bool) -> Result<Node, Malformed> {
        let known = self.variables.len();
        let pipeline = self.pipeline(rest, word)?;
        let (body, end) = self.block(in_range || word == "range")?;
        let mut branches = vec![(pipeline, body)];
        let mut otherwise = Block::new();
        match end {
            End::Closed => {}
            End::Text => return Err(self.fail("unexpected EOF")),
            End::Else(tokens) => match keyword(&tokens) {
                ("", _) => {
                    let (block, end) = self.block(in_range)?;
                    if !matches!(end, End::Closed) {
                        return Err(self.fail("expected end; found {{else}}"));
                    }
                    otherwise = block;
                }
                (next @ ("if" | "with"), rest) if next == word => {
                    otherwise.push(self.control(next, rest, in_range)?);
                }
                _ => return Err(self.fail("unexpected token in {{else}}")),
            },
        }
        self.variables.truncate(known);
        let (pipeline, body) = branches.remove(0);
        Ok(match word {
            "if" => Node::If(vec![(pipeline, body)], otherwise),
            "with" => Node::With(pipeline, body, otherwise),
            _ => Node::Range(pipeline, body, otherwise),
        })
    }

    /// `context` is the keyword before it, or `command`.
    fn pipeline(&mut self, tokens: &[Token], context: &str) -> Result<Pipeline, Malformed> {
        let mut at = 0;
        let pipeline = self.pipeline_to(tokens, &mut at, context)?;
        if at < tokens.len() {
            return Err(self.fail("unexpected \")\" in command"));
        }
        Ok(pipeline)
    }

    fn pipeline_to(
        &mut self,
        tokens: &[Token],
        at: &mut usize,
        context: &str,
    ) -> Result<Pipeline, Malformed> {
        let mut pipeline = Pipeline::default();
        self.declarations(tokens, at, &mut pipeline);
        let mut command: Vec<Operand> = Vec::new();
        let mut separated = true;
        while let Some(token) = tokens.get(*at) {
            match &token.kind {
                Kind::Space => separated = true,
                Kind::Close => break,
                Kind::Pipe => {
                    if command.is_empty() {
                        return Err(self.fail("missing value for command"));
                    }
                    pipeline.commands.push(std::mem::take(&mut command));
                    separated = true;
                }
                Kind::Field(name) if !separated && !command.is_empty() => {
                    self.chain(&mut command, name, token);
                }
                _ if !separated => {
                    return Err(self.fail(format!("unexpected <{}> in operand", self.shown(token))));
                }
                _ => {
                    command.push(self.operand(tokens, at)?);
                    separated = false;
                }
            }
            *at += 1;
        }
        if command.is_empty() {
            return Err(self.fail(format!("missing value for {context}")));
        }
        pipeline.commands.push(command);
        Ok(pipeline)
    }

    /// A field behind an operand. Go places a chain of fields at its second one.
    fn chain(&self, command: &mut [Operand], name: &str, token: &Token) {
        let Some(last) = command.last_mut() else { return };
        if last.fields.len() < 2 && (last.base != Base::Dot || last.fields.len() == 1) {
            last.at = self.place(token.at);
        }
        last.fields.push(name.to_owned());
    }

    /// `$x :=`, `$i, $x :=`, `$x =`.
    fn declarations(&mut self, tokens: &[Token], at: &mut usize, pipeline: &mut Pipeline) {
        let mut names = Vec::new();
        for (index, token) in tokens.iter().enumerate().skip(*at) {
            match &token.kind {
                Kind::Variable(name) => names.push(name.clone()),
                Kind::Space | Kind::Comma => {}
                Kind::Declare | Kind::Assign if !names.is_empty() => {
                    pipeline.assigns = token.kind == Kind::Assign;
                    self.variables.extend(names.iter().cloned());
                    pipeline.variables = names;
                    *at = index + 1;
                    return;
                }
                _ => return,
            }
        }
    }

    fn operand(&mut self, tokens: &[Token], at: &mut usize) -> Result<Operand, Malformed> {
        let token = &tokens[*at];
        let place = self.place(token.at);
        let mut fields = Vec::new();
        let base = match &token.kind {
            Kind::Dot => Base::Dot,
            Kind::Field(name) => {
                fields.push(name.clone());
                Base::Dot
            }
            Kind::Variable(name) if name.is_empty() || self.variables.contains(name) => {
                Base::Variable(name.clone())
            }
            Kind::Variable(name) => return Err(self.fail(format!("undefined variable \"${name}\""))),
            Kind::Text(text) => Base::Text(text.clone()),
            Kind::Number(text) => self.number(text)?,
            Kind::Word(word) => match word.as_str() {
                "true" => Base::Bool(true),
                "false" => Base::Bool(false),
                "nil" => Base::Nil,
                name if functions::is_known(name) => Base::Function(name.to_owned()),
                name => return Err(self.fail(format!("function \"{name}\" not defined"))),
            },
            Kind::Open => {
                *at += 1;
                let inner = self.pipeline_to(tokens, at, "parenthesized pipeline")?;
                Base::Group(inner)
            }
            _ => return Err(self.fail(format!("unexpected <{}> in operand", self.shown(token)))),
        };
        Ok(Operand { base, fields, at: place })
    }

    fn number(&self, text: &str) -> Result<Base, Malformed> {
        let plain = text.replace('_', "");
        let int = match plain.strip_prefix("0x") {
            Some(digits) => i64::from_str_radix(digits, 16).ok(),
            None => plain.parse().ok(),
        };
        let float = || plain.parse().ok().map(Base::Float);
        int.map(Base::Int).or_else(float).ok_or_else(|| self.fail(format!("bad number syntax: {text:?}")))
    }

    /// Line and column, as Go counts them: the column from 0, in bytes.
    fn place(&self, at: usize) -> (usize, usize) {
        let before = &self.text[..at];
        let line = 1 + before.matches('\n').count();
        (line, at - before.rfind('\n').map_or(0, |newline| newline + 1))
    }

    fn shown(&self, token: &Token) -> String {
        self.text[token.at..].chars().take(1).collect()
    }
}

/// The keyword that an action begins with, and what follows it.
fn keyword(tokens: &[Token]) -> (&str, &[Token]) {
    let start = tokens.iter().position(|token| token.kind != Kind::Space).unwrap_or(tokens.len());
    match tokens.get(start).map(|token| &token.kind) {
        Some(Kind::Word(word)) => (word, &tokens[start + 1..]),
        _ => ("", tokens),
    }
}
