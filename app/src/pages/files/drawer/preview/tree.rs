//! JSON as a tree that folds, member by member.

use leptos::prelude::*;
use model::preview::{Content, Form, Kind, Member, Members, Value, Wanted, limit};

use super::{Panel, note};
use crate::{
    browser,
    text::visible_name,
    ui::Icon,
    unit,
    words::{files, preview},
};

/// What the parts of a tree share.
#[derive(Clone, Copy)]
struct Tree {
    panel: Panel,
    /// The pointer of the value that was looked at last.
    at: RwSignal<String>,
}

#[component]
pub(super) fn TreePart(panel: Panel, value: Value, kind: Kind) -> impl IntoView {
    let tree = Tree {
        panel,
        at: RwSignal::new(String::new()),
    };
    let cut = matches!(&value, Value::List(all) if all.count >= limit::JSON_LINES as u64);
    let cut = (kind == Kind::JsonLines && cut).then(|| {
        let lines = unit::count(limit::JSON_LINES as u64);
        note("info", preview::lines_cut(&lines))
    });
    let copy = move |_| {
        browser::copy(&tree.at.get_untracked());
        panel.desk.state().messages.announce(files::copied());
    };
    let path = move || {
        let at = tree.at.get();
        if at.is_empty() {
            preview::whole().to_owned()
        } else {
            visible_name(&at)
        }
    };
    view! {
        {cut}
        <div class="preview-bar needs-script" role="group" aria-label=preview::tree_tools()>
            <code class="preview-path" data-testid="preview-path">
                {path}
            </code>
            <button
                type="button"
                class="button button-quiet button-icon"
                title=preview::copy_path()
                data-testid="preview-copy-path"
                on:click=copy
            >
                <Icon name="copy" />
                <span class="sr-only">{preview::copy_path()}</span>
            </button>
        </div>
        <div class="preview-tree" data-testid="preview-tree">
            {draw(tree, None, value, String::new(), 0)}
        </div>
    }
    .into_any()
}

/// The pointer of a member.
fn below(pointer: &str, name: &str) -> String {
    format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"))
}

fn draw(tree: Tree, name: Option<String>, value: Value, pointer: String, depth: usize) -> AnyView {
    let here = pointer.clone();
    let point = move |_| tree.at.set(here.clone());
    let name = name.map(|name| {
        let name = visible_name(&name);
        view! {
            <span class="tree-name">{name}</span>
            ": "
        }
    });
    let (all, opens, closes) = match value {
        Value::Object(all) => (all, "{", "}"),
        Value::List(all) => (all, "[", "]"),
        leaf => {
            let (class, text) = match leaf {
                Value::Null => ("tree-word", "null".to_owned()),
                Value::Bool(value) => ("tree-word", value.to_string()),
                Value::Number(digits) => ("tree-number", digits),
                Value::Broken(line) => ("tree-broken", line),
                // As JSON has it, so that what cannot be seen is seen.
                Value::Text(text) => {
                    let quoted = serde_json::to_string(&text);
                    ("tree-text", quoted.unwrap_or(text))
                }
                Value::Object(_) | Value::List(_) => return ().into_any(),
            };
            return view! {
                <div class="tree-leaf" data-pointer=pointer on:click=point>
                    {name}
                    <span class=class>{text}</span>
                </div>
            }
            .into_any();
        }
    };
    let is_list = opens == "[";
    let here = pointer.clone();
    let count = preview::members(all.count);
    // What is not told yet is fetched when it is opened.
    let told = !all.told.is_empty() || all.count == 0;
    let is_open = depth < 2 && told;
    view! {
        <details open=is_open data-pointer=here>
            <summary on:click=point>
                {name} {opens} <small>{count}</small> {closes}
            </summary>
            <div class="tree-members">{members(tree, all, pointer, is_list, depth)}</div>
        </details>
    }
    .into_any()
}

/// Members, and the way to those that are not told yet.
fn members(tree: Tree, all: Members, pointer: String, is_list: bool, depth: usize) -> AnyView {
    let next = all.from + all.told.len() as u64;
    let rest = all.count.saturating_sub(next);
    let from = all.from;
    let shown = all.told.into_iter().zip(from..).map(|(member, at)| {
        let Member { name, value } = member;
        let part = name.clone().unwrap_or_else(|| at.to_string());
        let name = if is_list { Some(at.to_string()) } else { name };
        draw(tree, name, value, below(&pointer, &part), depth + 1)
    });
    let shown = shown.collect_view();
    let more = RwSignal::new(None::<Members>);
    let wanted = pointer.clone();
    let load = move |_| {
        let wanted = Wanted {
            form: Some(Form::Tree),
            pointer: Some(wanted.clone()).filter(|pointer| !pointer.is_empty()),
            from: Some(next),
            ..Wanted::default()
        };
        tree.panel.ask(wanted, move |preview| {
            if let Some(Content::Tree(Value::Object(all) | Value::List(all))) = preview.content {
                more.try_set(Some(all));
            }
        });
    };
    let rest = move || {
        if let Some(all) = more.get() {
            return Some(members(tree, all, pointer.clone(), is_list, depth));
        }
        (rest > 0).then(|| {
            let words = preview::more_members(rest);
            view! {
                <button
                    type="button"
                    class="button button-quiet needs-script"
                    data-testid="preview-more"
                    on:click=load.clone()
                >
                    {words}
                </button>
            }
            .into_any()
        })
    };
    view! { {shown} {rest} }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointers_are_escaped() {
        assert_eq!(below("/a", "b/~c"), "/a/b~1~0c");
        assert_eq!(below("", ""), "/");
    }
}
