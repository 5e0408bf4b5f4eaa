//! The blocks and conditions of the builder while they are edited.

use leptos::prelude::*;
use model::query::{Block, Condition, Fault, Field, Join, Line, Operator};

/// A block that is edited.
#[derive(Clone)]
pub(super) struct Node {
    /// How its lines are joined.
    pub(super) join: ArcRwSignal<Join>,
    /// Its lines, each with what tells it from the others.
    pub(super) lines: ArcRwSignal<Vec<(u32, Part)>>,
}

/// A line that is edited.
#[derive(Clone)]
pub(super) enum Part {
    Condition(Fields),
    Block(Node),
}

/// A condition that is edited.
#[derive(Clone)]
pub(super) struct Fields {
    pub(super) field: ArcRwSignal<Field>,
    pub(super) operator: ArcRwSignal<Operator>,
    pub(super) value: ArcRwSignal<String>,
    pub(super) until: ArcRwSignal<String>,
    /// How many days back, where that is what is typed; the value is the time it comes to.
    pub(super) days: ArcRwSignal<Option<String>>,
}

impl Fields {
    fn of(condition: &Condition) -> Self {
        Self {
            field: ArcRwSignal::new(condition.field.clone()),
            operator: ArcRwSignal::new(condition.operator),
            value: ArcRwSignal::new(condition.value.clone()),
            until: ArcRwSignal::new(condition.until.clone()),
            days: ArcRwSignal::new(None),
        }
    }

    /// As it is typed now.
    pub(super) fn condition(&self) -> Condition {
        Condition {
            field: self.field.get(),
            operator: self.operator.get(),
            value: self.value.get(),
            until: self.until.get(),
        }
    }

    /// Another field is looked at: what was typed for the one before is no value of it.
    pub(super) fn look_at(&self, field: Field) {
        let fresh = Condition::new(field);
        let same = self.field.read_untracked().kind() == fresh.field.kind()
            && fresh.field.kind() == model::query::Kind::Text;
        self.days.set(None);
        if !same {
            self.value.set(fresh.value);
            self.until.set(fresh.until);
        }
        self.operator.set(fresh.operator);
        self.field.set(fresh.field);
    }

    /// What is wrong with what is typed.
    pub(super) fn fault(&self) -> Option<Fault> {
        self.condition().criterion().err()
    }
}

impl Node {
    pub(super) fn of(block: &Block, ids: &Ids) -> Self {
        let part = |line: &Line| match line {
            Line::Condition(condition) => Part::Condition(Fields::of(condition)),
            Line::Block(block) => Part::Block(Self::of(block, ids)),
        };
        let lines = block.lines.iter().map(|line| (ids.next(), part(line)));
        Self {
            join: ArcRwSignal::new(block.join),
            lines: ArcRwSignal::new(lines.collect()),
        }
    }

    /// As it is typed now.
    pub(super) fn block(&self) -> Block {
        let line = |(_, part): &(u32, Part)| match part {
            Part::Condition(fields) => Line::Condition(fields.condition()),
            Part::Block(node) => Line::Block(node.block()),
        };
        Block {
            join: self.join.get(),
            lines: self.lines.with(|lines| lines.iter().map(line).collect()),
        }
    }

    /// Puts a line at the end, and tells its number.
    pub(super) fn add(&self, line: &Line, ids: &Ids) -> u32 {
        let id = ids.next();
        let part = match line {
            Line::Condition(condition) => Part::Condition(Fields::of(condition)),
            Line::Block(block) => Part::Block(Self::of(block, ids)),
        };
        self.lines.update(|lines| lines.push((id, part)));
        id
    }

    /// Takes a line away; the number of the one that stands in its place then, or before it.
    pub(super) fn remove(&self, id: u32) -> Option<u32> {
        let at = self
            .lines
            .with_untracked(|lines| lines.iter().position(|(one, _)| *one == id))?;
        self.lines.update(|lines| drop(lines.remove(at)));
        self.lines.with_untracked(|lines| {
            let next = lines.get(at).or(lines.last());
            next.map(|(id, _)| *id)
        })
    }
}

/// Numbers of lines.
#[derive(Clone, Copy)]
pub(super) struct Ids(StoredValue<u32>);

impl Ids {
    pub(super) fn new() -> Self {
        Self(StoredValue::new(0))
    }

    pub(super) fn next(&self) -> u32 {
        let next = self.0.try_update_value(|last| {
            *last += 1;
            *last
        });
        next.unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use model::query::{Kind, Property, parse};

    use super::*;

    fn node(query: &str) -> (Node, Ids) {
        let ids = Ids::new();
        let block = Block::of(&parse(query).unwrap()).unwrap();
        (Node::of(&block, &ids), ids)
    }

    #[test]
    fn lines_come_and_go() {
        let owner = Owner::new();
        owner.set();
        let (node, ids) = node("size:[10 TO *] AND hold:true");
        let id = node.add(
            &Line::Condition(Condition::new(Field::Property(Property::Shred))),
            &ids,
        );
        let query = || node.block().query().unwrap();
        assert_eq!(query(), "+size:[10 TO *] +hold:true +shred:true");
        let first = node.lines.with_untracked(|lines| lines[0].0);
        assert!(node.remove(first).is_some_and(|next| next != first));
        assert_eq!(query(), "+hold:true +shred:true");
        node.join.set(Join::Any);
        assert_eq!(query(), "hold:true shred:true");
        assert_eq!(
            node.remove(id).map(|_| query()),
            Some("hold:true".to_owned())
        );
        assert_eq!(node.remove(id), None);
    }

    #[test]
    fn another_field_begins_anew_where_its_values_are_of_another_kind() {
        let owner = Owner::new();
        owner.set();
        let (node, _) = node("utf8Name:report");
        let Some((_, Part::Condition(fields))) = node.lines.get_untracked().pop() else {
            panic!("a condition");
        };
        fields.look_at(Field::Property(Property::ObjectPath));
        assert_eq!(node.block().query().as_deref(), Ok("objectPath:report"));
        fields.look_at(Field::Property(Property::Size));
        assert_eq!(fields.condition().field.kind(), Kind::Number);
        assert_eq!(node.block().query().as_deref(), Ok(""));
        fields.value.set("many".to_owned());
        assert!(fields.fault().is_some());
    }
}
