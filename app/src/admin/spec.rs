//! What a form for a resource consists of: tables, from which one component makes every form.

/// Says a text of the catalogue in the language in force.
pub type Say = fn() -> &'static str;

/// No text.
pub const fn nothing() -> &'static str {
    ""
}

/// One field: a property of the resource, or something that goes beside it.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// HCP's name, with dots for what is nested.
    pub path: &'static str,
    /// What a person calls it.
    pub label: Say,
    /// What one should know before changing it; may be nothing.
    pub help: Say,
    /// How it is edited, where the kind of the property does not say it.
    pub widget: Widget,
    /// What a change means that cannot be undone; nothing where it can.
    pub one_way: Say,
    /// What has to be so that it can be changed.
    pub needs: Option<Needs>,
    /// Whether it has to be filled.
    pub required: bool,
    /// What a new one begins with.
    pub default: &'static str,
    /// Whether it is no property of the resource but travels beside it.
    pub beside: bool,
}

/// How a field is edited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Widget {
    /// As the kind of the property asks for.
    Own,
    /// Several lines of text.
    Area,
    /// A list, one item to a line.
    Lines,
    /// Lines of addresses, with the tester.
    Addresses,
    /// A whole number of hundredths.
    Percent,
    /// Boxes to tick, each with its word and what it opens.
    Checks(&'static [Word]),
    /// One of several words.
    Words(&'static [Word]),
    /// One of the options that the page knows by this name.
    Options(&'static str),
    /// A secret without rules.
    Secret,
    /// A new password, with its rules.
    Password,
    /// A retention, with what it means.
    Retention,
    /// Sent as it begins, and not shown.
    Fixed,
    /// Shown, never edited.
    Shown,
    /// A point in time, never edited.
    When,
}

/// HCP's word and ours.
pub type Word = (&'static str, Say);

/// What another field (or, with `~` before it, a fact that the page knows) has to be.
#[derive(Clone, Copy, Debug)]
pub struct Needs {
    /// Its name.
    pub path: &'static str,
    /// What it has to be; `!x` is anything but `x`.
    pub is: &'static str,
    /// Why, in words.
    pub cause: Say,
}

impl Needs {
    /// Whether a text is what is asked for.
    pub fn met_by(&self, text: &str) -> bool {
        match self.is.strip_prefix('!') {
            Some(other) => text != other,
            None => text == self.is,
        }
    }
}

/// Fields under a heading.
#[derive(Clone, Copy, Debug)]
pub struct Section {
    /// The heading.
    pub title: Say,
    /// A sentence below it; may be nothing.
    pub about: Say,
    /// The fields.
    pub fields: &'static [Field],
}

/// A field as most are.
pub const fn field(path: &'static str, label: Say, help: Say) -> Field {
    Field {
        path,
        label,
        help,
        widget: Widget::Own,
        one_way: nothing,
        needs: None,
        required: false,
        default: "",
        beside: false,
    }
}

/// Fields under a heading.
pub const fn section(title: Say, about: Say, fields: &'static [Field]) -> Section {
    Section {
        title,
        about,
        fields,
    }
}

impl Section {
    /// The heading.
    pub fn title(&self) -> &'static str {
        (self.title)()
    }

    /// The sentence below it; may be empty.
    pub fn about(&self) -> &'static str {
        (self.about)()
    }
}

impl Field {
    /// What a person calls it.
    pub fn label(&self) -> &'static str {
        (self.label)()
    }

    /// What one should know before changing it; may be empty.
    pub fn help(&self) -> &'static str {
        (self.help)()
    }

    /// What a change means that cannot be undone; empty where it can.
    pub fn one_way_means(&self) -> &'static str {
        (self.one_way)()
    }

    /// Edited in another way.
    pub const fn by(mut self, widget: Widget) -> Self {
        self.widget = widget;
        self
    }

    /// Shown as text alone.
    pub const fn shown(self) -> Self {
        self.by(Widget::Shown)
    }

    /// A change cannot be undone, and means this.
    pub const fn one_way(mut self, consequence: Say) -> Self {
        self.one_way = consequence;
        self
    }

    /// Can be changed while another field or a fact is so.
    pub const fn needs(mut self, path: &'static str, is: &'static str, cause: Say) -> Self {
        self.needs = Some(Needs { path, is, cause });
        self
    }

    /// Has to be filled.
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Begins with this where the thing is new.
    pub const fn begins(mut self, text: &'static str) -> Self {
        self.default = text;
        self
    }

    /// Goes beside the resource.
    pub const fn beside(mut self) -> Self {
        self.beside = true;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn needs_are_met_by_a_word_or_by_any_other() {
        let needs = |is| Needs {
            path: "x",
            is,
            cause: nothing,
        };
        assert!(needs("true").met_by("true") && !needs("true").met_by("false"));
        assert!(needs("!ALL").met_by("CLOUD") && !needs("!ALL").met_by("ALL"));
    }
}
