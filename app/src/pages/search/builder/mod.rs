//! The query put together from conditions, for those who do not know its language. It writes the text as one edits,
//! and shows what is typed there as long as it is no richer.

mod choice;
mod known;
mod tree;
mod value;

use leptos::prelude::*;
use model::query::{Block, Condition, Expression, Field, Join, Line, MAX_BLOCKS, Operator, parse};

use self::{
    choice::{Shape, groups, key, name, word},
    known::Names,
    tree::{Fields, Ids, Node, Part},
    value::{put_days, values},
};
use crate::{
    browser,
    ui::{Button, Icon, Tone},
    words::search,
};

/// The word of the operator that counts days back.
const LAST_DAYS: &str = "last-days";

/// What the builder shows.
#[derive(Clone)]
enum Shown {
    /// The query in its blocks.
    Tree(Node),
    /// It is richer than that.
    Richer,
    /// It cannot be read.
    Broken,
}

/// The builder.
#[derive(Clone, Copy)]
struct Builder {
    typed: RwSignal<String>,
    shown: RwSignal<Shown>,
    /// The text that the builder wrote last.
    wrote: StoredValue<String>,
    ids: Ids,
    known: Names,
    hcp: bool,
}

impl Builder {
    fn new(typed: RwSignal<String>, tenant: Option<String>, hcp: bool) -> Self {
        let ids = Ids::new();
        let text = typed.get_untracked();
        Self {
            typed,
            shown: RwSignal::new(shown(&text, &ids)),
            wrote: StoredValue::new(text),
            ids,
            known: Names::new(tenant),
            hcp,
        }
    }

    /// Reads what was typed, unless it is what was written from here.
    fn read(self) {
        let text = self.typed.get();
        if self.wrote.with_value(|wrote| *wrote != text) {
            self.shown.set(shown(&text, &self.ids));
            self.wrote.set_value(text);
        }
    }

    /// Writes what is put together. Where a value is none, the text stays as it was.
    fn write(self) {
        let block = self.shown.with_untracked(|shown| match shown {
            Shown::Tree(node) => Some(untrack(|| node.block())),
            Shown::Richer | Shown::Broken => None,
        });
        if let Some(Ok(text)) = block.map(|block| block.query()) {
            self.wrote.set_value(text.clone());
            self.typed.set(text);
        }
    }

    /// Puts a line into a block, and the focus into it.
    fn add(self, node: &Node, line: &Line) {
        let id = node.add(line, &self.ids);
        self.write();
        focus_soon(match line {
            Line::Condition(_) => format!("#condition-{id}"),
            Line::Block(_) => format!("#block-{id}"),
        });
    }

    fn remove(self, node: &Node, id: u32) {
        let next = node.remove(id);
        self.write();
        focus_soon(match next {
            Some(next) => format!("#condition-{next}, #block-{next}"),
            None => "[data-testid=\"add-condition\"]".to_owned(),
        });
    }
}

/// What is put in is there with the next frame.
fn focus_soon(selector: String) {
    request_animation_frame(move || browser::focus(&selector));
}

fn shown(text: &str, ids: &Ids) -> Shown {
    let text = text.trim();
    let expression = if text.is_empty() {
        Ok(Expression::Everything)
    } else {
        parse(text)
    };
    match expression.map(|expression| Block::of(&expression)) {
        Ok(Some(block)) => Shown::Tree(Node::of(&block, ids)),
        Ok(None) => Shown::Richer,
        Err(_) => Shown::Broken,
    }
}

/// The builder below the text of the query. It acts in the browser alone: without scripts there is the text.
#[component]
pub(super) fn QueryBuilder(
    /// The text of the query.
    typed: RwSignal<String>,
    /// The tenant whose names may be asked for.
    tenant: Option<String>,
    /// Whether a real HCP is behind.
    hcp: bool,
) -> impl IntoView {
    let live = RwSignal::new(false);
    Effect::new(move |_| live.set(true));
    let is_new = typed.with_untracked(|text| text.trim().is_empty());
    let tenant = StoredValue::new(tenant);
    move || {
        live.get().then(|| {
            let builder = Builder::new(typed, tenant.get_value(), hcp);
            Effect::new(move |_| builder.read());
            view! {
                <details class="query-builder" open=is_new data-testid="query-builder">
                    <summary>{search::build()}</summary>
                    {move || body(builder, &builder.shown.get())}
                </details>
            }
        })
    }
}

fn body(builder: Builder, shown: &Shown) -> AnyView {
    match shown {
        Shown::Tree(node) => {
            let empty = node.lines.clone();
            let node = node.clone();
            view! {
                {block(builder, &node, None)}
                {move || empty.with(Vec::is_empty).then(|| examples(builder))}
            }
            .into_any()
        }
        Shown::Richer => {
            view! { <p class="help" data-testid="builder-richer">{search::richer()}</p> }.into_any()
        }
        Shown::Broken => {
            view! { <p class="help" data-testid="builder-broken">{search::broken()}</p> }.into_any()
        }
    }
}

/// Where a block stands: the block around it, its number there, and how deep.
struct Above {
    node: Node,
    id: u32,
    depth: usize,
}

fn block(builder: Builder, node: &Node, above: Option<Above>) -> AnyView {
    let depth = above.as_ref().map_or(1, |above| above.depth + 1);
    let join = node.join.clone();
    let chosen = join.get_untracked();
    let options = [
        (Join::All, search::all_of()),
        (Join::Any, search::any_of()),
        (Join::None, search::none_of()),
    ];
    let options = options.map(|(one, name)| {
        view! {
            <option value=join_word(one) selected=one == chosen>
                {name}
            </option>
        }
    });
    let id = above.as_ref().map(|above| format!("block-{}", above.id));
    let away = above.map(|above| {
        let press = move |_| builder.remove(&above.node, above.id);
        view! {
            <Button tone=Tone::Quiet press=Callback::new(press)>
                <Icon name="close" />
                <span class="sr-only">{search::remove_group()}</span>
            </Button>
        }
    });
    let lines = {
        let (lines, node) = (node.lines.clone(), node.clone());
        let each = move || lines.get();
        let draw = move |(id, part): (u32, Part)| match part {
            Part::Condition(fields) => condition(builder, &node, id, &fields),
            Part::Block(inner) => {
                let node = node.clone();
                block(builder, &inner, Some(Above { node, id, depth }))
            }
        };
        view! { <For each key=|(id, _)| *id children=draw /> }
    };
    view! {
        <fieldset class="builder-block" data-testid="builder-block">
            <legend class="sr-only">{search::group()}</legend>
            <div class="builder-head">
                <select
                    id=id
                    class="input input-select"
                    aria-label=search::joined_how()
                    data-testid="builder-join"
                    on:change=move |event| {
                        join.set(join_of(&event_target_value(&event)));
                        builder.write();
                    }
                >
                    {options.collect_view()}
                </select>
                {away}
            </div>
            <div class="builder-lines">{lines}</div>
            {additions(builder, node, depth)}
        </fieldset>
    }
    .into_any()
}

/// What can be put into a block.
fn additions(builder: Builder, node: &Node, depth: usize) -> AnyView {
    let (for_condition, for_block) = (node.clone(), node.clone());
    let more = move |_| {
        let condition = Condition::new(Field::Property(model::query::Property::Utf8Name));
        builder.add(&for_condition, &Line::Condition(condition));
    };
    let group = (depth < MAX_BLOCKS).then(|| {
        let press = move |_| {
            // A group of its own is for what is joined in another way.
            let join = match for_block.join.get_untracked() {
                Join::Any => Join::All,
                Join::All | Join::None => Join::Any,
            };
            let lines = Vec::new();
            builder.add(&for_block, &Line::Block(Block { join, lines }));
        };
        view! {
            <Button tone=Tone::Quiet press=Callback::new(press) {..} data-testid="add-group">
                {search::add_group()}
            </Button>
        }
    });
    view! {
        <div class="actions">
            <Button tone=Tone::Plain press=Callback::new(more) {..} data-testid="add-condition">
                {search::add_condition()}
            </Button>
            {group}
        </div>
    }
    .into_any()
}

fn join_word(join: Join) -> &'static str {
    match join {
        Join::All => "all",
        Join::Any => "any",
        Join::None => "none",
    }
}

fn join_of(word: &str) -> Join {
    let all = [Join::All, Join::Any, Join::None];
    let found = all.into_iter().find(|join| join_word(*join) == word);
    found.unwrap_or_default()
}

fn condition(builder: Builder, node: &Node, id: u32, fields: &Fields) -> AnyView {
    let remove = {
        let node = node.clone();
        move |_| builder.remove(&node, id)
    };
    let for_fault = fields.clone();
    let fault = Memo::new(move |_| for_fault.fault().map(|fault| fault.message));
    let fault_id = format!("condition-{id}-fault");
    view! {
        <div class="builder-line" role="group" aria-label=search::condition() data-testid="query-condition">
            {field_choice(builder, id, fields)}
            {field_name(builder, fields)}
            {operator_choice(builder, fields)}
            {values(builder, fields, id)}
            <Button tone=Tone::Quiet press=Callback::new(remove)>
                <Icon name="close" />
                <span class="sr-only">{search::remove_condition()}</span>
            </Button>
            <p class="error" id=fault_id role="status" data-testid="condition-fault">
                {move || fault.get()}
            </p>
        </div>
    }
    .into_any()
}

/// What is looked at.
fn field_choice(builder: Builder, id: u32, fields: &Fields) -> AnyView {
    let chosen = fields.field.with_untracked(key);
    let groups = groups(builder.hcp).into_iter().map(|(group, choices)| {
        let options = choices.into_iter().map(|(word, name)| {
            view! {
                <option value=word selected=word == chosen>
                    {name}
                </option>
            }
        });
        view! { <optgroup label=group>{options.collect_view()}</optgroup> }
    });
    let fields = fields.clone();
    view! {
        <select
            id=format!("condition-{id}")
            class="input input-select"
            aria-label=search::looked_at()
            data-testid="condition-field"
            on:change=move |event| {
                if let Some(field) = choice::field(&event_target_value(&event)) {
                    fields.look_at(field);
                    builder.write();
                }
            }
        >
            {groups.collect_view()}
        </select>
    }
    .into_any()
}

/// The name of a pair or a content property, which only who asks knows.
fn field_name(builder: Builder, fields: &Fields) -> AnyView {
    let is_named = {
        let field = fields.field.clone();
        Memo::new(move |_| {
            field.with(|field| matches!(field, Field::CustomMetadata(_) | Field::Content(_)))
        })
    };
    let field = fields.field.clone();
    (move || {
        let (first, field) = (field.get_untracked(), field.clone());
        let first = match first {
            Field::CustomMetadata(name) | Field::Content(name) => name,
            Field::Text | Field::ContentType | Field::Property(_) => String::new(),
        };
        is_named.get().then(|| {
            view! {
                <input
                    class="input input-short"
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    aria-label=search::name_of_it()
                    placeholder=search::name_of_it()
                    prop:value=first
                    data-testid="condition-name"
                    on:input=move |event| {
                        let name = event_target_value(&event);
                        field
                            .update(|field| {
                                match field {
                                    Field::CustomMetadata(now) | Field::Content(now) => *now = name,
                                    Field::Text | Field::ContentType | Field::Property(_) => {}
                                }
                            });
                        builder.write();
                    }
                />
            }
        })
    })
    .into_any()
}

/// What is asked.
fn operator_choice(builder: Builder, fields: &Fields) -> AnyView {
    let kind = {
        let field = fields.field.clone();
        // The name of a pair changes no operator.
        Memo::new(move |_| field.with(|field| (key(field), Operator::of(field))))
    };
    let fields = fields.clone();
    (move || {
        let (_, known) = kind.get();
        let field = fields.field.get_untracked();
        let (chosen, is_days) = (
            fields.operator.get_untracked(),
            fields.days.with_untracked(Option::is_some),
        );
        let mut options: Vec<_> = known
            .iter()
            .map(|operator| {
                let shape = Shape::of(&field, *operator);
                let selected = !is_days && *operator == chosen;
                (word(*operator), name(*operator, shape), selected)
            })
            .collect();
        let back = Shape::of(&field, Operator::AtLeast).is_time()
            && known.contains(&Operator::AtLeast)
            && key(&field) != "retention";
        if back {
            options.insert(0, (LAST_DAYS, search::op_last_days(), is_days));
        }
        let options = options.into_iter().map(|(word, name, selected)| {
            view! {
                <option value=word selected=selected>
                    {name}
                </option>
            }
        });
        let fields = fields.clone();
        view! {
            <select
                class="input input-select"
                aria-label=search::asked_how()
                data-testid="condition-operator"
                on:change=move |event| {
                    choose(&fields, known, &event_target_value(&event));
                    builder.write();
                }
            >
                {options.collect_view()}
            </select>
        }
    })
    .into_any()
}

fn choose(fields: &Fields, known: &[Operator], chosen: &str) {
    if chosen == LAST_DAYS {
        let days = "7";
        fields.operator.set(Operator::AtLeast);
        fields.days.set(Some(days.to_owned()));
        put_days(fields, days);
        return;
    }
    let Some(operator) = known.iter().find(|operator| word(**operator) == chosen) else {
        return;
    };
    let field = fields.field.get_untracked();
    let before = Shape::of(&field, fields.operator.get_untracked());
    if before != Shape::of(&field, *operator) {
        // The end of a retention is no date where it is one of a few words.
        fields.value.set(match Shape::of(&field, *operator) {
            Shape::Retention => "0".to_owned(),
            _ => String::new(),
        });
    }
    fields.days.set(None);
    fields.operator.set(*operator);
}

/// Queries to begin with.
fn examples(builder: Builder) -> AnyView {
    let of = |name: &'static str, query: &'static str| {
        let press = move |_| builder.typed.set(query.to_owned());
        view! {
            <Button press=Callback::new(press) {..} data-testid="builder-example">
                {name}
            </Button>
        }
    };
    view! {
        <div class="builder-examples">
            <span class="help">{search::examples()}</span>
            {of(search::example_large(), "+size:[1073741824 TO *] +hold:false")}
            {of(search::example_kinds(), "objectPath:/scans/* customMetadata:true")}
            {of(search::example_kept(), "+retention:-1 -(hold:true shred:true)")}
        </div>
    }
    .into_any()
}
